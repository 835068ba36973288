import type { FastifyRequest } from 'fastify'
import type { UninspectableKind } from '../../contracts/facts.ts'
import { GovernedError } from '../../errors.ts'
import { gatherJson } from '../../inspection/body.ts'
import { type Collector, createCollector, type Gathered } from '../../inspection/content.ts'
import { gatherMultipart } from '../../inspection/multipart.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { Operation } from '../../operations.ts'
import { isJsonObject } from './json.ts'
import type { Part } from './multipart.ts'

/** A body as the content type parsers leave it. Null when there is none, or when it is piped unread. */
export type Body = { json: JsonObject } | { parts: Part[] } | null

/** What a call says of itself, whatever its form. `model` and `stream` are unchecked. */
export type Reading = Said & { gathered: Gathered }

type Said = {
  model: unknown
  stream: unknown
  maxOutputTokens: number | null
  declared: [string, unknown][]
}

const judged = ['model', 'stream', 'user'] as const

/** What passes unseen by an operation: its own bytes, or else what is stored at the provider. */
const unseenKinds: Partial<Record<Operation['body'], UninspectableKind>> = { upload: 'upload', socket: 'socket' }

/**
 * Reads a call's body, or what stands in its address when nothing of the body can be read. `limit` is in characters.
 */
export function readCall(body: Body, operation: Operation, request: FastifyRequest, limit: number): Reading {
  const collector = createCollector(limit)
  const inAddress = body === null || hasAddress(request) ? readAddress(collector, request) : null
  const said = body === null ? null : 'json' in body ? readJson(collector, body.json) : readParts(collector, body.parts)
  if (operation.unseen) collector.addUninspectable(unseenKinds[operation.body] ?? 'reference')
  return { ...nothingSaid, ...(said ?? inAddress), gathered: collector.finish() }
}

const nothingSaid: Said = {
  model: undefined,
  stream: undefined,
  maxOutputTokens: null,
  declared: [],
}

function readJson(collector: Collector, json: JsonObject): Said {
  gatherJson(collector, json)
  const { nameInOtherCase: param } = collector
  if (param !== undefined)
    throw new GovernedError('invalid_value', { param, message: `The field "${param}" is written in another case.` })
  return {
    model: json.model,
    stream: json.stream,
    maxOutputTokens: mostOutputTokens(json),
    declared: [...entries(json.metadata), ['user', json.user ?? json.safety_identifier]],
  }
}

const outputLimits = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'] as const

/** The largest number that is asked for: which of the members counts, the provider chooses. */
function mostOutputTokens(json: JsonObject): number | null {
  let most: number | null = null
  for (const name of outputLimits) {
    const given = json[name] ?? null
    if (given === null) continue
    if (typeof given !== 'number' || !Number.isSafeInteger(given))
      throw new GovernedError('invalid_value', { param: name, message: `The field "${name}" must be a whole number.` })
    most = Math.max(most ?? given, given)
  }
  return most
}

function readParts(collector: Collector, parts: readonly Part[]): Said {
  gatherMultipart(
    collector,
    parts.map(part => ('value' in part ? part : { ...part, bytes: part.bytes.length })),
  )
  const { model, stream, user } = judgedFields(parts)
  return {
    model,
    stream: stream === undefined ? undefined : flagOf(stream),
    maxOutputTokens: null,
    declared: [['user', user]],
  }
}

/**
 * A flag of a form as it is documented. Servers take `True`, `1` and `on` for true, too: `stream` is refused with them.
 */
function flagOf(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text
}

/**
 * The fields that a decision rests on. One that is given twice, or as a file, could be read either way by the provider.
 */
function judgedFields(parts: readonly Part[]): Partial<Record<(typeof judged)[number], string>> {
  return Object.fromEntries(
    judged.flatMap(name => {
      const [first, second] = parts.filter(part => part.name === name)
      if (second !== undefined) throw new GovernedError('duplicate_key', { param: name })
      if (first === undefined) return []
      if (!('value' in first)) throw new GovernedError('invalid_value', { param: name })
      return [[name, first.value]]
    }),
  )
}

function readAddress(collector: Collector, request: FastifyRequest): Pick<Said, 'model'> {
  const params = request.params as Record<string, string>
  const query = request.query as Record<string, string | string[]>
  gatherJson(collector, { ...params, ...query })
  return { model: params.model ?? query.model }
}

/** Whether anything can stand in the address: a query, or a parameter of the path. */
function hasAddress({ url, params }: FastifyRequest): boolean {
  if (url.includes('?')) return true
  for (const _name in params as object) return true
  return false
}

function entries(value: Json | undefined): [string, Json][] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : []
}

import type { FastifyRequest } from 'fastify'
import type { PersonalDataType, UninspectableKind } from '../../contracts/facts.ts'
import { GovernedError } from '../../errors.ts'
import { type Content, inspectJson, inspectMultipart } from '../../inspection/body.ts'
import type { Operation } from '../../operations.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import type { Part } from './multipart.ts'

/** A body as the content type parsers leave it. Null when there is none, or when it is piped unread. */
export type Body = { json: JsonObject } | { parts: Part[] } | null

/** What a call says of itself, whatever its form. `model` and `stream` are unchecked. */
export type Reading = {
  content: Content
  model: unknown
  stream: unknown
  maxOutputTokens: unknown
  declared: [string, unknown][]
}

const judged = ['model', 'stream', 'user'] as const

/** What passes unseen by an operation: its own bytes, or else what is stored at the provider. */
const unseenKinds: Partial<Record<Operation['body'], UninspectableKind>> = { upload: 'upload', socket: 'socket' }

/** Reads a call's body, or what stands in its address when nothing of the body can be read. */
export function readCall(body: Body, operation: Operation, request: FastifyRequest): Reading {
  const reading = body === null ? readAddress(request) : 'json' in body ? readJson(body.json) : readParts(body.parts)
  if (body !== null && hasAddress(request)) addContent(reading.content, readAddress(request).content)
  if (operation.unseen) addKind(reading.content, unseenKinds[operation.body] ?? 'reference')
  return reading
}

function readJson(json: JsonObject): Reading {
  return {
    content: inspectJson(json),
    model: json.model,
    stream: json.stream,
    maxOutputTokens: json.max_completion_tokens ?? json.max_output_tokens ?? json.max_tokens,
    declared: [...entries(json.metadata), ['user', json.user ?? json.safety_identifier]],
  }
}

function readParts(parts: readonly Part[]): Reading {
  const { model, stream, user } = judgedFields(parts)
  return {
    content: inspectMultipart(parts.map(part => ('value' in part ? part : { ...part, bytes: part.bytes.length }))),
    model,
    stream: stream === undefined ? undefined : stream === 'true',
    maxOutputTokens: undefined,
    declared: [['user', user]],
  }
}

/** The fields that a decision rests on. One that is given twice could be read either way by the provider. */
function judgedFields(parts: readonly Part[]): Partial<Record<(typeof judged)[number], string>> {
  return Object.fromEntries(
    judged.flatMap(name => {
      const [first, second] = parts.filter(part => part.name === name)
      if (second !== undefined) throw new GovernedError('duplicate_key', { param: name })
      return first !== undefined && 'value' in first ? [[name, first.value]] : []
    }),
  )
}

function readAddress(request: FastifyRequest): Reading {
  const params = request.params as Record<string, string>
  const query = request.query as Record<string, string | string[]>
  return {
    content: inspectJson({ ...params, ...query }),
    model: params.model ?? query.model,
    stream: undefined,
    maxOutputTokens: undefined,
    declared: [],
  }
}

/** Whether anything can stand in the address: a query, or a parameter of the path. */
function hasAddress({ url, params }: FastifyRequest): boolean {
  if (url.includes('?')) return true
  for (const _name in params as object) return true
  return false
}

function addContent(content: Content, more: Content): void {
  for (const [type, count] of Object.entries(more.personalData) as [PersonalDataType, number][]) {
    content.personalData[type] = (content.personalData[type] ?? 0) + count
  }
  for (const kind of more.uninspectable) addKind(content, kind)
}

function addKind({ uninspectable }: Content, kind: UninspectableKind): void {
  if (!uninspectable.includes(kind)) uninspectable.push(kind)
}

function entries(value: JsonValue | undefined): [string, JsonValue][] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : []
}

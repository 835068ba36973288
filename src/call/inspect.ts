import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Facts } from '../contracts/facts.ts'
import { GovernedError } from '../errors.ts'
import type { Content } from '../inspection/content.ts'
import { declaredMetadata } from '../inspection/declared.ts'
import type { Owner } from '../inspection/inspector.ts'
import { isModelName } from '../inspection/kept-names.ts'
import type { Operation } from '../operations.ts'
import type { ModelRouter, Route } from '../routing/route-model.ts'
import { writeOutgoing } from './body/outgoing.ts'
import { type Body, type Reading, readCall } from './body/reading.ts'
import { type Call, written } from './call.ts'
import { circumstancesOf } from './circumstances.ts'
import type { CallParts } from './index.ts'
import { modelList } from './models.ts'
import { after, type Stage } from './stage.ts'

/** As a member of JSON, and as forms write lists: `models[]`, `models[0]`. */
const fallbacks = /^models(?:$|\[)/

const headerPrefix = 'x-governance-'

type ContentFacts = Pick<
  Facts,
  | 'sizes'
  | 'personal_data'
  | 'secrets'
  | 'custom'
  | 'prompt_injection'
  | 'tools'
  | 'uninspectable_content'
  | 'uninspected_characters'
>

type Parts = Pick<CallParts, 'router' | 'inspector' | 'inspectionLimit'>

/** Reduces the call to facts, finds its provider, and fixes the bytes that will be sent if it is allowed. */
export function createInspect({ router, inspector, inspectionLimit }: Parts): Stage {
  return function inspect(call) {
    const { request } = call
    const { operation } = request.routeOptions.config
    const body = request.body instanceof Readable ? null : ((request.body ?? null) as Body)
    const reading = readCall(body, operation, request, inspectionLimit)
    const model = modelOf(call, operation, reading)
    if (operation.takesModel && !written(call.policy).permitsAnyModel) refuseFallbacks(body)
    const route = operation.name === modelList ? null : routeOf(router, model, request.headers)
    return after(inspector.inspect(reading.gathered, ownerOf(call)), content => {
      const facts = factsOf(call, reading, content, route)
      const outgoing = body === null || route === null ? null : writeOutgoing(body, operation, route)
      call.inspected = { facts, provider: route?.provider ?? null, outgoing }
      // What was parsed can take twenty times the memory of what is sent, for as long as the provider takes.
      if (outgoing !== null) request.body = null
    })
  }
}

export function ownerOf({ principal, policy }: Call): Owner {
  return { keyId: written(principal).keyId, custom: written(policy).documents.custom_detectors.detectors }
}

function modelOf(call: Call, operation: Operation, { model, stream }: Reading): string | null {
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new GovernedError('invalid_value', { param: 'stream', message: 'The field "stream" must be a boolean.' })
  }
  if (model === undefined || model === null) {
    // The provider would choose a model by itself, which the customer's list of models could not judge.
    if (operation.takesModel && !written(call.policy).permitsAnyModel) {
      throw new GovernedError('missing_field', { param: 'model', message: 'The field "model" is missing.' })
    }
    return null
  }
  if (typeof model === 'string' && isModelName(model)) return model
  throw new GovernedError('invalid_value', {
    param: 'model',
    message: 'The field "model" must be the name of a model.',
  })
}

/** Some providers try a list of models where the first does not answer, which the policy's list could not judge. */
function refuseFallbacks(body: Body): void {
  if (body === null) return
  const names = 'json' in body ? Object.keys(body.json) : body.parts.map(({ name }) => name)
  const given = names.some(name => fallbacks.test(name) && !('json' in body && body.json[name] === null))
  if (!given) return
  throw new GovernedError('invalid_value', {
    param: 'models',
    message: 'The field "models" lets the provider choose a model, and policy permits some models only. Name one.',
  })
}

/** The model's provider, or the one that `x-governance-provider` names: for calls that have no model to go by. */
function routeOf(router: ModelRouter, model: string | null, headers: IncomingHttpHeaders): Route {
  const named = headers[`${headerPrefix}provider`]
  const route = named === undefined ? router.route(model) : router.routeTo(String(named), model)
  if (route !== null) return route
  if (named !== undefined) throw new GovernedError('invalid_value', { param: `${headerPrefix}provider` })
  throw new GovernedError(model === null ? 'no_provider' : 'model_not_found', {
    param: model === null ? null : 'model',
  })
}

function factsOf(call: Call, reading: Reading, content: Content, route: Route | null): Facts {
  const declared = declaredMetadata([...declaredHeaders(call.request.headers), ...reading.declared])
  return {
    source: call.source,
    operation: call.operation,
    known_operation: true,
    model: route?.model ?? null,
    provider: route?.provider.id ?? null,
    // The caller's word can add risk, never take it away.
    external: route?.provider.external === true || isTrue(declared.is_external_model),
    stream: reading.stream === true,
    max_output_tokens: reading.maxOutputTokens,
    ...contentFacts(content, isTrue(declared.contains_personal_data)),
    ...circumstancesOf(call),
    declared,
  }
}

/** What was found in a call's content, as facts. `personalData` is the caller's word that there is some. */
export function contentFacts(content: Content, personalData: boolean): ContentFacts {
  const { sizes, toolNames, types, uncertain, secrets, custom, injection } = content
  return {
    sizes,
    personal_data: { declared: personalData, types, uncertain },
    secrets,
    custom,
    prompt_injection: injection,
    tools: { names: toolNames, total: sizes.tools },
    uninspectable_content: content.uninspectable,
    uninspected_characters: content.uninspectedCharacters,
  }
}

function* declaredHeaders(headers: IncomingHttpHeaders): Iterable<[string, unknown]> {
  for (const name in headers) {
    if (name.startsWith(headerPrefix)) yield [name.slice(headerPrefix.length).replaceAll('-', '_'), headers[name]]
  }
}

function isTrue(value: string | boolean | undefined): boolean {
  return value === true || value === 'true'
}

import { type Contribution, effects, policyKeys } from '../../contracts/decision.ts'
import {
  declarableKeys,
  type Facts,
  personalDataTypes,
  type ResponseFacts,
  secretTypes,
  sources,
  speakers,
  uninspectableKinds,
} from '../../contracts/facts.ts'
import {
  customTypeName,
  declaredValue,
  longestOwnWords,
  modelName,
  operationName,
  providerId,
  toolName,
} from '../../contracts/names.ts'
import { type DecisionRecord, type OutcomeRecord, outcomes } from '../../contracts/record.ts'
import {
  decimal,
  dictionary,
  either,
  flag,
  integer,
  list,
  moment,
  name,
  nullable,
  object,
  oneOf,
  record,
  words,
} from './shape.ts'

const uuid = name(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
const operation = name(operationName)
const provider = name(providerId)
const model = name(modelName)
/** A rule's id, an error's code, or a policy's key, after which a detector's type may stand. */
const rule = name(/^[a-z][a-z0-9_/-]{0,99}$/)
const version = name(/^[\w.-]{1,64}$/)

const maxSafe = Number.MAX_SAFE_INTEGER

const count = integer(maxSafe)
const personalData = dictionary(oneOf(personalDataTypes), count, personalDataTypes.length)
const secrets = dictionary(oneOf(secretTypes), count, secretTypes.length)
const custom = dictionary(name(customTypeName), count, 100)
const uninspectable = list(oneOf(uninspectableKinds), uninspectableKinds.length)

const contributions = list(
  object<Contribution>({
    policy: oneOf(policyKeys),
    rule,
    reason: rule,
    score: integer(),
    effect: oneOf(effects),
  }),
  1000,
)

const facts = object<Facts>({
  source: oneOf(sources),
  operation,
  known_operation: flag,
  model: nullable(model),
  provider: nullable(provider),
  external: flag,
  stream: flag,
  max_output_tokens: nullable(integer(maxSafe, -maxSafe)),
  sizes: object({
    messages: count,
    characters: count,
    estimated_tokens: count,
    tools: count,
    images: count,
    audio: count,
    files: count,
  }),
  personal_data: object({ declared: flag, types: personalData, uncertain: personalData }),
  secrets,
  custom,
  prompt_injection: object({ score: decimal(2, 1), speaker: nullable(oneOf(speakers)) }),
  tools: object({ names: list(name(toolName), 64), total: count }),
  caller: object({ key_name: words(longestOwnWords), key_age_days: count, customer_email: words(longestOwnWords) }),
  at: count,
  usage: object({ month_cost: nullable(decimal(9)) }),
  uninspectable_content: uninspectable,
  uninspected_characters: count,
  declared: dictionary(
    oneOf(declarableKeys),
    either((value): value is boolean => typeof value === 'boolean', flag, name(declaredValue)),
    declarableKeys.length,
  ),
})

const responseFacts = object<ResponseFacts>({
  characters: count,
  personal_data: object({ types: personalData, uncertain: personalData }),
  secrets,
  custom,
  uninspectable_content: uninspectable,
  uninspected_characters: count,
})

/** A decision as it is kept, as canonical JSON. Throws `ShapeError` where something is not on the list or too long. */
export const writeDecision = record<DecisionRecord>({
  id: uuid,
  request_id: uuid,
  customer_id: uuid,
  api_key_id: uuid,
  source: oneOf(sources),
  operation,
  model: nullable(model),
  provider: nullable(provider),
  allowed: flag,
  risk_score: integer(),
  reason: rule,
  contributions,
  shadow: nullable(contributions),
  rule_errors: nullable(list(rule, 1000)),
  policy_version: nullable(version),
  meta: nullable(facts),
  created_at: moment,
})

/** How its call ended, likewise. */
export const writeOutcome = record<OutcomeRecord>({
  outcome: oneOf(outcomes),
  status: nullable(integer(999)),
  input_tokens: nullable(integer()),
  output_tokens: nullable(integer()),
  cached_input_tokens: nullable(integer()),
  cost_usd: nullable(decimal(9, 999_999_999)),
  latency_ms: nullable(decimal(3)),
  upstream_ms: nullable(decimal(3)),
  response: nullable(responseFacts),
})

/** What is known of a call whose end nobody saw. */
export const interrupted: OutcomeRecord = {
  outcome: 'interrupted',
  status: null,
  input_tokens: null,
  output_tokens: null,
  cached_input_tokens: null,
  cost_usd: null,
  latency_ms: null,
  upstream_ms: null,
  response: null,
}

import fc from 'fast-check'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import {
  type Facts,
  personalDataTypes,
  secretTypes,
  sources,
  speakers,
  uninspectableKinds,
} from '../../src/contracts/facts.ts'
import { operations } from '../../src/operations.ts'
import { compilePolicy, type Policy } from '../../src/policy/compile.ts'
import { effectiveDocuments } from '../../src/policy/documents.ts'

/** Of a plain chat call to an internal provider: nothing that any default policy minds. */
export const harmless: Facts = {
  source: 'proxy',
  operation: 'chat.completions.create',
  known_operation: true,
  model: 'llama-3',
  provider: 'ollama',
  external: false,
  stream: false,
  max_output_tokens: null,
  sizes: { messages: 1, characters: 5, estimated_tokens: 2, tools: 0, images: 0, audio: 0, files: 0 },
  personal_data: { declared: false, types: {}, uncertain: {} },
  secrets: {},
  custom: {},
  prompt_injection: { score: 0, speaker: null },
  tools: { names: [], total: 0 },
  caller: { key_name: 'first', key_age_days: 30, customer_email: 'alice@example.com' },
  at: Date.UTC(2026, 10, 25, 9, 30),
  usage: { month_cost: null },
  uninspectable_content: [],
  uninspected_characters: 0,
  declared: {},
}

/** Of a call, for shares of calls. */
export const ids = {
  customer: '0195d8a0-0000-7000-8000-000000000001',
  key: '0195d8a0-0000-7000-8000-000000000002',
  call: '0195d8a0-0000-7000-8000-000000000003',
}

/** The policy that these documents make, laid over the defaults. */
export function policyOf(documents: Partial<Record<PolicyKey, unknown>> = {}): Policy {
  return compilePolicy(effectiveDocuments(documents))
}

const names = ['gpt-4o', 'llama-3', 'mistral-large', 'o3']
const providers = ['openai', 'ollama', 'mistral']

/** Any facts, with names that the policies of `anyDocuments` may speak of. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  source: fc.constantFrom(...sources),
  operation: fc.constantFrom(...operations.map(({ name }) => name), 'classify'),
  known_operation: fc.boolean(),
  model: fc.option(fc.constantFrom(...names)),
  provider: fc.option(fc.constantFrom(...providers)),
  external: fc.boolean(),
  stream: fc.boolean(),
  max_output_tokens: fc.option(fc.nat()),
  sizes: fc.record({
    messages: fc.nat(),
    characters: fc.nat(),
    estimated_tokens: fc.nat(),
    tools: fc.nat(),
    images: fc.nat(),
    audio: fc.nat(),
    files: fc.nat(),
  }),
  personal_data: fc.record({
    declared: fc.boolean(),
    types: fc.dictionary(fc.constantFrom(...personalDataTypes), fc.integer({ min: 1, max: 9 })),
    uncertain: fc.dictionary(fc.constantFrom(...personalDataTypes), fc.integer({ min: 1, max: 2 })),
  }),
  secrets: fc.dictionary(fc.constantFrom(...secretTypes), fc.integer({ min: 1, max: 9 })),
  custom: fc.dictionary(fc.constantFrom('code_name', 'account'), fc.integer({ min: 1, max: 9 })),
  prompt_injection: fc.record({
    score: fc.integer({ min: 0, max: 100 }).map(hundredths => hundredths / 100),
    speaker: fc.option(fc.constantFrom(...speakers)),
  }),
  tools: fc.record({
    names: fc.uniqueArray(fc.constantFrom('read_file', 'write_file', 'search'), { maxLength: 3 }),
    total: fc.nat({ max: 9 }),
  }),
  caller: fc.record({
    key_name: fc.constantFrom('first', 'batch'),
    key_age_days: fc.nat({ max: 900 }),
    customer_email: fc.constantFrom('alice@example.com', 'bob@example.com'),
  }),
  at: fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
  usage: fc.record({ month_cost: fc.option(fc.nat({ max: 10_000 }).map(cents => cents / 100)) }),
  uninspectable_content: fc.uniqueArray(fc.constantFrom(...uninspectableKinds)),
  uninspected_characters: fc.nat(),
  declared: fc.dictionary(fc.constantFrom('intent', 'team'), fc.string({ maxLength: 8 })),
})

const score = fc.integer({ min: 0, max: 1000 })
const patterns = fc.uniqueArray(fc.constantFrom('*', 'gpt-*', 'openai/*', ...names))

/** Rules whose conditions hold the sooner, the more a call carries; one of them cannot always be judged. */
const conditions = [
  'call.external',
  "personal_data.total > 2 || personal_data.types['us_ssn'] > 0",
  "secrets.total > 0 && call.model.startsWith('gpt-')",
  'prompt_injection.score > 0.7',
  "tools.names.exists(name, name.startsWith('write_'))",
  "'image' in uninspectable_content || personal_data.declared",
  'usage.month_cost > 50.0',
  'time.hour < 12 && key.age_days > 100',
]
const rollout = fc.record({ percent: fc.constantFrom(0, 30, 100), by: fc.constantFrom('customer', 'key', 'call') })
const anyRule = fc.record(
  {
    id: fc.constantFrom(...'abcdefgh'),
    when: fc.constantFrom(...conditions),
    effect: fc.oneof(
      fc.constantFrom('block', 'flag', { require: 'intent' }),
      fc.integer({ min: 0, max: 100 }).map(score => ({ score })),
    ),
    mode: fc.constantFrom('enforce', 'shadow', 'off'),
    rollout,
    on_error: fc.constantFrom('block', 'allow'),
  },
  { requiredKeys: ['id', 'when', 'effect'] },
)
export const anyRules = fc.uniqueArray(anyRule, { selector: ({ id }) => id, maxLength: 6 })

/** Any valid documents, each set in part or not at all. */
export const anyDocuments: fc.Arbitrary<Partial<Record<PolicyKey, unknown>>> = fc.record(
  {
    block_personal_data: fc.record(
      { enabled: fc.boolean(), score, types: fc.subarray([...personalDataTypes]), combined: fc.constant(['detail']) },
      { requiredKeys: [] },
    ),
    block_secrets: fc.record(
      { enabled: fc.boolean(), score, types: fc.subarray([...secretTypes]) },
      { requiredKeys: [] },
    ),
    flag_prompt_injection: fc.record({ enabled: fc.boolean(), score, min_score: fc.constantFrom(0.2, 0.5, 1) }),
    custom_detectors: fc.record({
      detectors: fc.subarray([
        { type: 'code_name', pattern: 'PRJ-[A-Z]+', score: 30 },
        { type: 'account', pattern: 'AC[0-9]{6}', checksum: 'luhn' as const, score: 0 },
      ]),
    }),
    block_external_models: fc.record(
      { enabled: fc.boolean(), score, approved_providers: fc.uniqueArray(fc.constantFrom(...providers)) },
      { requiredKeys: [] },
    ),
    risk_threshold: fc.record({ threshold: fc.integer({ min: 1, max: 10_000 }) }),
    allowed_models: fc.record({ models: patterns }),
    allowed_operations: fc.record({
      operations: fc.subarray(['*', 'chat.*', 'files.create', 'embeddings.create', 'responses.create']),
    }),
    block_uninspectable_content: fc.record(
      { enabled: fc.boolean(), kinds: fc.subarray([...uninspectableKinds]) },
      { requiredKeys: [] },
    ),
    rules: fc.record({ rules: anyRules }),
    rate_limit: fc.record({ requests: fc.integer({ min: 1, max: 1000 }) }),
  },
  { requiredKeys: [] },
)

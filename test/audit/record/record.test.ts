import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeDecision, writeOutcome } from '../../../src/audit/record/record.ts'
import { ShapeError } from '../../../src/audit/record/shape.ts'
import { type Contribution, effects, policyKeys } from '../../../src/contracts/decision.ts'
import {
  declarableKeys,
  personalDataTypes,
  secretTypes,
  sources,
  speakers,
  uninspectableKinds,
} from '../../../src/contracts/facts.ts'
import { type DecisionRecord, outcomes } from '../../../src/contracts/record.ts'
import { canonicalise } from '../../../src/transparency/canonical-json.ts'
import { makeRecord } from '../records.ts'

const count = fc.nat()
const counts = (types: readonly string[]) => fc.dictionary(fc.constantFrom(...types), count, { maxKeys: 5 })
const named = (pattern: RegExp) => fc.stringMatching(pattern)
const model = fc.option(named(/^[\w.:/@+~-]{1,256}$/))
const rule = named(/^[a-z][a-z0-9_/-]{0,30}$/)
const provider = fc.option(named(/^[a-z][a-z0-9-]{0,31}$/))
const operation = named(/^[\w.:-]{1,64}$/)
const text = fc.string({ unit: 'binary', maxLength: 100 })
const money = fc.double({ min: 0, max: 1e6, noNaN: true }).map(value => Math.round(value * 1e9) / 1e9)
const contributions = fc.array(
  fc.record({
    policy: fc.constantFrom(...policyKeys),
    rule,
    reason: rule,
    score: fc.nat({ max: 1000 }),
    effect: fc.constantFrom(...effects),
  }),
  { maxLength: 4 },
) as fc.Arbitrary<Contribution[]>
const personalData = { types: counts(personalDataTypes), uncertain: counts(personalDataTypes) }
const custom = fc.dictionary(named(/^[a-z][a-z0-9_]{0,20}$/), count, { maxKeys: 3 })
const uninspectable = fc.uniqueArray(fc.constantFrom(...uninspectableKinds))

const facts = fc.record({
  source: fc.constantFrom(...sources),
  operation,
  known_operation: fc.boolean(),
  model,
  provider,
  external: fc.boolean(),
  stream: fc.boolean(),
  max_output_tokens: fc.option(fc.maxSafeInteger()),
  sizes: fc.record({
    messages: count,
    characters: count,
    estimated_tokens: count,
    tools: count,
    images: count,
    audio: count,
    files: count,
  }),
  personal_data: fc.record({ declared: fc.boolean(), ...personalData }),
  secrets: counts(secretTypes),
  custom,
  prompt_injection: fc.record({
    score: fc.nat({ max: 100 }).map(value => value / 100),
    speaker: fc.option(fc.constantFrom(...speakers)),
  }),
  tools: fc.record({ names: fc.array(named(/^[a-zA-Z_.-]{1,64}$/), { maxLength: 64 }), total: count }),
  caller: fc.record({ key_name: text, key_age_days: count, customer_email: text }),
  at: count,
  usage: fc.record({ month_cost: fc.option(money) }),
  uninspectable_content: uninspectable,
  uninspected_characters: count,
  declared: fc.dictionary(
    fc.constantFrom(...declarableKeys),
    fc.oneof(fc.boolean(), named(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)),
  ),
})

const decisions = fc.record({
  id: fc.uuid(),
  request_id: fc.uuid(),
  customer_id: fc.uuid(),
  api_key_id: fc.uuid(),
  source: fc.constantFrom(...sources),
  operation,
  model,
  provider,
  allowed: fc.boolean(),
  risk_score: count,
  reason: rule,
  contributions,
  shadow: fc.option(contributions),
  rule_errors: fc.option(fc.array(rule, { maxLength: 3 })),
  policy_version: fc.option(named(/^[a-zA-Z_.-]{1,64}$/)),
  meta: fc.option(facts),
  created_at: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
}) as fc.Arbitrary<DecisionRecord>

const outcomeRecords = fc.record({
  outcome: fc.constantFrom(...outcomes),
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  input_tokens: fc.option(count),
  output_tokens: fc.option(count),
  cached_input_tokens: fc.option(count),
  cost_usd: fc.option(money),
  latency_ms: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true })),
  upstream_ms: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true })),
  response: fc.option(
    fc.record({
      characters: count,
      personal_data: fc.record(personalData),
      secrets: counts(secretTypes),
      custom,
      uninspectable_content: uninspectable,
      uninspected_characters: count,
    }),
  ),
})

const withoutNulls = (value: object) => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null))

describe('a record', () => {
  it('of a decision is canonical JSON, with all that is known and nothing else', () => {
    fc.assert(
      fc.property(decisions, decision => {
        const written = writeDecision(decision)
        expect(written).toBe(canonicalise(JSON.parse(written)))
        const { meta, ...read } = JSON.parse(written)
        const { meta: given, ...rest } = withoutNulls(decision)
        expect(read).toEqual({ ...rest, created_at: decision.created_at.toISOString() })
        expect(Object.keys(meta ?? {}).sort()).toEqual(Object.keys((given ?? {}) as object).sort())
        expect(written.isWellFormed() && !written.includes('\\u0000') && !written.includes('\n')).toBe(true)
      }),
    )
  })

  it('of an outcome likewise, its times to a microsecond', () => {
    fc.assert(
      fc.property(outcomeRecords, outcome => {
        const written = writeOutcome(outcome)
        expect(written).toBe(canonicalise(JSON.parse(written)))
        const { latency_ms, upstream_ms, ...read } = JSON.parse(written)
        const { latency_ms: latency, upstream_ms: upstream, ...rest } = withoutNulls(outcome) as typeof outcome
        expect(read).toEqual(rest)
        expect(latency_ms ?? 0).toBeCloseTo(latency ?? 0, 2)
        expect(upstream_ms ?? 0).toBeCloseTo(upstream ?? 0, 2)
      }),
    )
  })
})

const secret = 'What the caller said, which nobody may read'

/** A record with one member of it replaced, or added. */
function withMember(path: readonly string[], value: unknown): DecisionRecord {
  const { decision } = makeRecord({
    customerId: '019ab000-0000-7000-8000-000000000001',
    apiKeyId: '019ab000-0000-7000-8000-000000000002',
  })
  const copy = structuredClone(decision)
  let place = copy as unknown as Record<string, unknown>
  for (const member of path.slice(0, -1)) place = place[member] as Record<string, unknown>
  place[path.at(-1) as string] = value
  return copy
}

describe('a record is refused, by the name of the member and without its value, that has', () => {
  it.each<[string, string[], unknown]>([
    ['a member that is not on the list', ['prompt'], secret],
    ['such a member deeper within', ['meta', 'sizes', 'prompt'], secret],
    ['a member that is on the list of another object', ['meta', 'sizes', 'model'], 'gpt-4o'],
    ['a sentence for a model', ['model'], secret],
    ['a sentence for a tool', ['meta', 'tools', 'names'], [secret]],
    ['a sentence for an operation', ['operation'], secret],
    ['a sentence for a reason', ['reason'], secret],
    ['a sentence for a declared value', ['meta', 'declared'], { [declarableKeys[0] as string]: secret }],
    ['a key that nobody may declare', ['meta', 'declared'], { [secret]: true }],
    ['a type of secret that nobody knows', ['meta', 'secrets'], { [secret]: 1 }],
    ['a name of a detector that is none', ['meta', 'custom'], { [secret]: 1 }],
    ['too long a model', ['model'], 'm'.repeat(257)],
    ['too long a name of a key', ['meta', 'caller', 'key_name'], secret.repeat(20)],
    ['too many tools', ['meta', 'tools', 'names'], Array.from({ length: 65 }, () => 'tool')],
    ['text for a number', ['risk_score'], secret],
    ['text for a flag', ['allowed'], secret],
    ['an object for a name', ['model'], { toString: () => 'gpt-4o' }],
    ['an object for words', ['meta', 'caller', 'key_name'], { length: 1, toWellFormed: () => secret }],
    ['null for a name that has to be there', ['operation'], null],
    ['a number that the database has no room for', ['risk_score'], 2 ** 31],
    ['no number', ['risk_score'], Number.NaN],
    ['nothing for a member', ['reason'], undefined],
    ['no time', ['created_at'], new Date(Number.NaN)],
  ])('%s', (_, path, value) => {
    let refusal: unknown
    try {
      writeDecision(withMember(path, value))
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(ShapeError)
    const { message } = refusal as ShapeError
    expect(message).not.toContain(secret.slice(0, 8))
    const known = path.filter(member => member !== 'prompt')
    if (known.length > 0 && path.at(-1) !== 'model') expect(message).toContain(known.join('.'))
  })
})

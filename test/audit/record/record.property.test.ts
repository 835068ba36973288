// A call whose record has no shape is refused with 503, and an outcome without one loses its figures. So whatever
// callers send and providers answer has a shape: random calls and answers, through the parts that make facts of them.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { providers } from '../../../providers/index.ts'
import { writeDecision, writeOutcome } from '../../../src/audit/record/record.ts'
import { contentFacts } from '../../../src/call/inspect.ts'
import { sources } from '../../../src/contracts/facts.ts'
import type { DecisionRecord, OutcomeRecord } from '../../../src/contracts/record.ts'
import { createAnswerReader } from '../../../src/inspection/answer.ts'
import { gatherJson } from '../../../src/inspection/body.ts'
import { createCollector } from '../../../src/inspection/content.ts'
import { declaredMetadata } from '../../../src/inspection/declared.ts'
import { examine } from '../../../src/inspection/examine.ts'
import { isModelName, isOperationName } from '../../../src/inspection/kept-names.ts'
import { operations } from '../../../src/operations.ts'
import { createPricing } from '../../../src/usage/cost.ts'
import { UsageReader } from '../../../src/usage/reader.ts'
import { toUsage } from '../../../src/usage/usage.ts'
import { anyDocuments, harmless, ids, policyOf } from '../../policy/facts.ts'
import { plainOutcome } from '../records.ts'

/** Text of every kind: plain, broken surrogates, NUL, and what detectors and patterns look out for. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 400 }),
  fc.constantFrom(
    'a"b',
    'a\\b',
    '\ud800',
    '\0',
    '\n',
    'alice@example.com',
    '078-05-1120',
    'PRJ-X',
    '__proto__',
    'true',
  ),
)
const memberName = fc.oneof(
  anyText,
  fc.constantFrom('messages', 'content', 'tools', 'function', 'name', 'type', 'image_url', 'metadata', 'input', 'role'),
)
const { anyBody } = fc.letrec<{ anyBody: unknown }>(tie => ({
  anyBody: fc.oneof(
    { maxDepth: 5 },
    anyText,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('anyBody'), { maxLength: 6 }),
    fc.dictionary(memberName, tie('anyBody'), { maxKeys: 6 }),
  ),
}))

const anyNumber = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, -1, 0.5, 1e21, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, '12', null, {}),
)

const decided = {
  id: randomUUID(),
  request_id: randomUUID(),
  customer_id: randomUUID(),
  api_key_id: randomUUID(),
  created_at: new Date(),
}

describe('decisions', () => {
  test('on whatever a caller sends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        anyBody,
        fc.array(fc.tuple(memberName, anyBody)),
        anyDocuments,
        anyNumber,
        fc.nat({ max: 5000 }),
        (source, body, declared, documents, maximum, limit) => {
          const policy = policyOf(documents)
          const collector = createCollector(limit)
          gatherJson(collector, body)
          const content = examine(collector.finish(), policy.documents.custom_detectors.detectors)
          const facts = {
            ...harmless,
            source,
            max_output_tokens: Number.isSafeInteger(maximum) ? Number(maximum) : null,
            ...contentFacts(content, false),
            declared: declaredMetadata(declared),
          }
          const decision = policy.decide(facts, ids)
          const record: DecisionRecord = {
            ...decided,
            source,
            operation: facts.operation,
            model: facts.model,
            provider: facts.provider,
            allowed: decision.allowed,
            risk_score: decision.risk_score,
            reason: decision.reason,
            contributions: decision.contributions,
            shadow: decision.shadow,
            rule_errors: decision.errors,
            policy_version: decision.policy_version,
            meta: facts,
          }
          expect(JSON.parse(writeDecision(record))).toMatchObject({ reason: decision.reason })
        },
      ),
      { numRuns: 2000 },
    )
  })

  const named = { ...decided, source: 'check' as const, allowed: true, risk_score: 0, reason: 'ok', contributions: [] }
  const unjudged = { shadow: null, rule_errors: null, policy_version: null, meta: null, provider: null }

  test('about every name that is let in', () => {
    const anyName = fc.oneof(
      fc.string({ minLength: 1, maxLength: 260 }),
      fc.stringMatching(/^[\w.:/@+~-]{1,300}$/),
      anyText,
    )
    fc.assert(
      fc.property(anyName, text => {
        const model = isModelName(text) ? text : null
        const operation = isOperationName(text) ? text : 'check'
        expect(JSON.parse(writeDecision({ ...named, ...unjudged, model, operation })).operation).toBe(operation)
      }),
      { numRuns: 5000 },
    )
  })

  test('about every operation and provider', () => {
    for (const { name } of operations) {
      for (const { id } of providers)
        writeDecision({ ...named, ...unjudged, operation: name, provider: id, model: null })
    }
  })
})

describe('outcomes', () => {
  const price = createPricing()
  const figures = (usage: ReturnType<typeof toUsage>, model: string): OutcomeRecord => ({
    ...plainOutcome,
    input_tokens: usage?.inputTokens ?? null,
    output_tokens: usage?.outputTokens ?? null,
    cached_input_tokens: usage?.cachedInputTokens ?? null,
    cost_usd: usage === null ? null : price({ provider: 'openai', model, usage, at: new Date() }),
  })
  const counts = ['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'prompt_cache_hit_tokens']
  const details = fc.dictionary(fc.constant('cached_tokens'), anyNumber)
  const anyUsage = fc
    .tuple(
      fc.dictionary(fc.constantFrom(...counts), anyNumber),
      fc.dictionary(fc.constantFrom('prompt_tokens_details', 'input_tokens_details'), details),
    )
    .map(([own, inner]) => ({ ...own, ...inner }))
  const anyModel = fc.oneof(
    fc.constantFrom('gpt-4o', 'gpt-5', 'o3', 'gpt-4o-audio-preview', 'gpt-image-1', 'toString', '__proto__'),
    fc.stringMatching(/^[\w.:/@+~-]{1,60}$/),
  )

  test('of whatever usage a provider reports', () => {
    fc.assert(
      fc.property(anyUsage, anyModel, (usage, model) => {
        writeOutcome(figures(toUsage(usage), model))
        const reader = new UsageReader()
        reader.feed(Buffer.from(JSON.stringify({ usage })))
        writeOutcome(figures(reader.found, model))
      }),
      { numRuns: 5000 },
    )
  })

  test('of whatever answer a provider gives', () => {
    fc.assert(
      fc.property(anyBody, fc.boolean(), fc.nat({ max: 2000 }), (body, stream, limit) => {
        const reader = createAnswerReader({ stream, limit })
        reader.feed(Buffer.from(stream ? `data: ${JSON.stringify(body)}\n\n` : JSON.stringify(body)))
        const { sizes, types, uncertain, secrets, custom, ...rest } = examine(reader.end(), [])
        const response = {
          characters: sizes.characters,
          personal_data: { types, uncertain },
          secrets,
          custom,
          uninspectable_content: rest.uninspectable,
          uninspected_characters: rest.uninspectedCharacters,
        }
        writeOutcome({ ...plainOutcome, response })
      }),
      { numRuns: 2000 },
    )
  })
})

import { describe, expect, test } from 'vitest'
import { policyKeys } from '../../src/contracts/decision.ts'
import { effectiveDocuments, InvalidPolicyError, policyDocuments } from '../../src/policy/documents.ts'
import { matcherOf } from '../../src/policy/patterns.ts'

test('out of the box the scores are those of the seed', () => {
  expect(effectiveDocuments()).toMatchObject({
    block_personal_data: { enabled: true, score: 70 },
    block_external_models: { enabled: true, score: 50, approved_providers: [] },
    risk_threshold: { threshold: 50 },
    rate_limit: { requests: 100, window_seconds: 60 },
    allowed_models: { models: ['*'] },
  })
})

test.each(policyKeys)('%s says what it does, and its default is valid', key => {
  const { description, schema, defaultValue } = policyDocuments[key]
  expect(description).toMatch(/^[A-Z].{20,}\.$/)
  expect(schema.parse(defaultValue)).toEqual(defaultValue)
})

test('documents are laid over one another field by field; a list is a field', () => {
  const general = { block_external_models: { score: 60, approved_providers: ['mistral'] } }
  const own = { block_external_models: { approved_providers: ['openai'] }, rate_limit: { requests: 5 } }
  expect(effectiveDocuments(general, own)).toMatchObject({
    block_external_models: { enabled: true, score: 60, approved_providers: ['openai'] },
    rate_limit: { requests: 5, window_seconds: 60 },
  })
})

const secret = 'zq-never-shown'
const faults: [what: string, layer: Record<string, unknown>, field: string][] = [
  ['a score that is not a number', { block_personal_data: { score: secret } }, 'block_personal_data.score'],
  ['a score below zero', { block_personal_data: { score: -1 } }, 'block_personal_data.score'],
  ['a score beyond the scale', { block_personal_data: { score: 1001 } }, 'block_personal_data.score'],
  ['a score with a fraction', { block_personal_data: { score: 1.5 } }, 'block_personal_data.score'],
  ['a field that is not there', { block_personal_data: { colour: secret } }, 'block_personal_data'],
  ['a threshold of zero', { risk_threshold: { threshold: 0 } }, 'risk_threshold.threshold'],
  ['a document that is a word', { risk_threshold: secret }, 'risk_threshold'],
  ['a document that is a list', { risk_threshold: [secret] }, 'risk_threshold'],
  ['a document that is null', { risk_threshold: null }, 'risk_threshold'],
  ['a provider that is no id', { block_external_models: { approved_providers: [`${secret} !`] } }, '0'],
  ['a pattern with a space', { allowed_models: { models: [`${secret} *`] } }, 'allowed_models.models.0'],
  ['a pattern of nothing', { allowed_models: { models: [''] } }, 'allowed_models.models.0'],
  ['a list that is a word', { allowed_operations: { operations: secret } }, 'allowed_operations.operations'],
  ['a kind that is not there', { block_uninspectable_content: { kinds: [secret] } }, 'kinds.0'],
  ['a limit of nothing', { rate_limit: { requests: 0 } }, 'rate_limit.requests'],
  ['a window of more than a day', { rate_limit: { window_seconds: 86_401 } }, 'rate_limit.window_seconds'],
]

describe('refuses', () => {
  test.each(faults)('%s, naming the field and not the value', (_what, layer, field) => {
    const attempt = () => effectiveDocuments(layer)
    expect(attempt).toThrow(InvalidPolicyError)
    expect(attempt).toThrow(field)
    expect(attempt).not.toThrow(secret)
  })

  test('every fault at once', () => {
    expect(() => effectiveDocuments({ risk_threshold: { threshold: 0 }, rate_limit: { requests: 0 } })).toThrow(
      /risk_threshold\.threshold: .+\nrate_limit\.requests: /,
    )
  })
})

const patterns: [pattern: string[], name: string, matches: boolean][] = [
  [['*'], 'anything', true],
  [[], 'anything', false],
  [['gpt-4o'], 'gpt-4o', true],
  [['gpt-4o'], 'gpt-4o-mini', false],
  [['gpt-4o'], 'GPT-4o', false],
  [['gpt-*'], 'gpt-4o-mini', true],
  [['gpt-*'], 'gpt-', true],
  [['gpt-*'], 'my-gpt-4', false],
  [['gpt*4'], 'gpt-4', false],
  [['gpt*4'], 'gpt*4', true],
  [['gpt.4'], 'gpt-4', false],
  [['a', 'b*'], 'bc', true],
]

test.each(patterns)('of %j, %s: %s', (given, name, matches) => {
  expect(matcherOf(given)(name)).toBe(matches)
})

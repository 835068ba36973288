import { describe, expect, test } from 'vitest'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import type { Facts } from '../../src/contracts/facts.ts'
import { operations } from '../../src/operations.ts'
import { harmless, ids, policyOf } from './facts.ts'

const external: Partial<Facts> = { external: true, provider: 'openai', model: 'gpt-4o' }
const email: Partial<Facts> = { personal_data: { declared: false, types: { email: 2 }, uncertain: {} } }
const declared: Partial<Facts> = { personal_data: { declared: true, types: {}, uncertain: {} } }
const found = (types: Facts['personal_data']['types']): Partial<Facts> => ({
  personal_data: { declared: false, types, uncertain: {} },
})
const injection = (score: number): Partial<Facts> => ({ prompt_injection: { score, speaker: 'tool' } })
const codeName = { type: 'code_name', pattern: 'PRJ-[A-Z]+', score: 30 }
const image: Partial<Facts> = { uninspectable_content: ['image'] }

type Row = [
  what: string,
  documents: Partial<Record<PolicyKey, unknown>>,
  facts: Partial<Facts>,
  decision: { allowed: boolean; risk_score: number; reason: string; reasons?: string[]; approved?: boolean },
]

const table: Row[] = [
  ['a harmless call', {}, {}, { allowed: true, risk_score: 0, reason: 'ok', reasons: [], approved: true }],

  ['personal data found', {}, email, { allowed: false, risk_score: 70, reason: 'contains_personal_data' }],
  ['personal data declared', {}, declared, { allowed: false, risk_score: 70, reason: 'contains_personal_data' }],
  [
    'personal data, the policy off',
    { block_personal_data: { enabled: false } },
    email,
    { allowed: true, risk_score: 0, reason: 'ok', reasons: [] },
  ],
  [
    'personal data that scores below the threshold: allowed, and said',
    { block_personal_data: { score: 49 } },
    email,
    { allowed: true, risk_score: 49, reason: 'ok', reasons: ['contains_personal_data'] },
  ],
  [
    'personal data that scores the threshold itself',
    { block_personal_data: { score: 50 } },
    email,
    { allowed: false, risk_score: 50, reason: 'contains_personal_data' },
  ],

  [
    'a model whose name holds the name of an allowed provider',
    { allowed_models: { models: ['openai/*'] }, block_external_models: { enabled: false } },
    { ...external, provider: 'openrouter', model: 'openai/gpt-4o' },
    { allowed: false, risk_score: 100, reason: 'model_not_allowed' },
  ],
  [
    'the same model, allowed with its provider',
    { allowed_models: { models: ['openrouter/openai/*'] }, block_external_models: { enabled: false } },
    { ...external, provider: 'openrouter', model: 'openai/gpt-4o' },
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  ['a name alone', {}, found({ person_name: 3 }), { allowed: true, risk_score: 0, reason: 'ok', reasons: [] }],
  ['an address alone', {}, found({ postal_address: 1 }), { allowed: true, risk_score: 0, reason: 'ok' }],
  [
    'a name beside an address',
    {},
    found({ person_name: 1, postal_address: 1 }),
    { allowed: false, risk_score: 70, reason: 'contains_personal_data' },
  ],
  [
    'a name beside an identifier',
    {},
    found({ person_name: 1, uk_nhs: 1 }),
    { allowed: false, risk_score: 70, reason: 'contains_personal_data' },
  ],
  [
    'dates, addresses of pages and company numbers',
    {},
    found({ date_time: 1, url: 4, de_vat_id: 1 }),
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  [
    'an identifier that is uncertain',
    {},
    { personal_data: { declared: false, types: { pl_pesel: 1 }, uncertain: { pl_pesel: 1 } } },
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  [
    'an identifier of which one finding is certain',
    {},
    { personal_data: { declared: false, types: { pl_pesel: 2 }, uncertain: { pl_pesel: 1 } } },
    { allowed: false, risk_score: 70, reason: 'contains_personal_data' },
  ],
  [
    'an identifier that is uncertain, where that counts',
    { block_personal_data: { uncertain: true } },
    { personal_data: { declared: false, types: { pl_pesel: 1 }, uncertain: { pl_pesel: 1 } } },
    { allowed: false, risk_score: 70, reason: 'contains_personal_data' },
  ],
  [
    'a name, where names count',
    { block_personal_data: { types: ['identifier', 'person_name'] } },
    found({ person_name: 1 }),
    { allowed: false, risk_score: 70, reason: 'contains_personal_data' },
  ],
  [
    'an identifier, where only cards count',
    { block_personal_data: { types: ['credit_card'] } },
    found({ email: 1 }),
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],

  ['a secret', {}, { secrets: { secret_token: 1 } }, { allowed: false, risk_score: 100, reason: 'contains_secrets' }],
  [
    'a secret of a type that may pass',
    { block_secrets: { types: ['secret_private_key'] } },
    { secrets: { secret_token: 1 } },
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],

  [
    'a prompt injection is flagged, and changes nothing',
    {},
    injection(0.99),
    { allowed: true, risk_score: 0, reason: 'ok', reasons: ['prompt_injection'] },
  ],
  ['a weak sign of one', {}, injection(0.2), { allowed: true, risk_score: 0, reason: 'ok', reasons: [] }],
  [
    'a prompt injection, given a score',
    { flag_prompt_injection: { score: 60, min_score: 0.9 } },
    injection(0.9),
    { allowed: false, risk_score: 60, reason: 'prompt_injection' },
  ],
  [
    'a flag is never the reason of a refusal',
    {},
    { ...injection(1), ...external },
    { allowed: false, risk_score: 50, reason: 'external_model', reasons: ['prompt_injection', 'external_model'] },
  ],

  [
    'a finding of two detectors of their own: the scores add up',
    { custom_detectors: { detectors: [codeName, { ...codeName, type: 'account' }] } },
    { custom: { code_name: 2, account: 1 } },
    { allowed: false, risk_score: 60, reason: 'custom_finding', reasons: ['custom_finding'] },
  ],
  [
    'a finding of a detector that is gone',
    {},
    { custom: { code_name: 2 } },
    { allowed: true, risk_score: 0, reason: 'ok', reasons: [] },
  ],

  ['an external model', {}, external, { allowed: false, risk_score: 50, reason: 'external_model', approved: false }],
  [
    'an external model of an approved provider',
    { block_external_models: { approved_providers: ['openai'] } },
    external,
    { allowed: true, risk_score: 0, reason: 'ok', reasons: [], approved: true },
  ],
  [
    'an external model, another provider approved',
    { block_external_models: { approved_providers: ['mistral'] } },
    external,
    { allowed: false, risk_score: 50, reason: 'external_model', approved: false },
  ],
  [
    'an external model of no known provider',
    { block_external_models: { approved_providers: ['openai'] } },
    { ...external, provider: null },
    { allowed: false, risk_score: 50, reason: 'external_model', approved: false },
  ],
  [
    'an external model, the policy off: allowed, yet not approved',
    { block_external_models: { enabled: false } },
    external,
    { allowed: true, risk_score: 0, reason: 'ok', approved: false },
  ],
  [
    'both: the scores add up, and the heavier gives the reason',
    {},
    { ...external, ...email },
    {
      allowed: false,
      risk_score: 120,
      reason: 'contains_personal_data',
      reasons: ['contains_personal_data', 'external_model'],
    },
  ],
  [
    'both, under a higher threshold',
    { risk_threshold: { threshold: 121 } },
    { ...external, ...email },
    { allowed: true, risk_score: 120, reason: 'ok', reasons: ['contains_personal_data', 'external_model'] },
  ],
  [
    'two that stay below the threshold alone, and reach it together',
    { block_personal_data: { score: 20 }, block_external_models: { score: 30 } },
    { ...external, ...email },
    { allowed: false, risk_score: 50, reason: 'external_model' },
  ],

  [
    'a model that is not allowed',
    { allowed_models: { models: ['gpt-*'] } },
    {},
    { allowed: false, risk_score: 100, reason: 'model_not_allowed' },
  ],
  [
    'a model that is not allowed, whatever the threshold',
    { allowed_models: { models: [] }, risk_threshold: { threshold: 10_000 } },
    {},
    { allowed: false, risk_score: 100, reason: 'model_not_allowed' },
  ],
  ['a model by name', { allowed_models: { models: ['llama-3'] } }, {}, { allowed: true, risk_score: 0, reason: 'ok' }],
  [
    'a name is not the beginning of a name',
    { allowed_models: { models: ['llama'] } },
    {},
    { allowed: false, risk_score: 100, reason: 'model_not_allowed' },
  ],
  ['a model by pattern', { allowed_models: { models: ['lla*'] } }, {}, { allowed: true, risk_score: 0, reason: 'ok' }],
  [
    'a model by its provider',
    { allowed_models: { models: ['ollama/*'] } },
    {},
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  [
    'a model of another provider',
    { allowed_models: { models: ['openai/llama-3'] } },
    {},
    { allowed: false, risk_score: 100, reason: 'model_not_allowed' },
  ],
  [
    'an operation with no model',
    { allowed_models: { models: [] } },
    { model: null },
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],

  [
    'an operation that is not allowed',
    { allowed_operations: { operations: ['embeddings.create'] } },
    {},
    { allowed: false, risk_score: 100, reason: 'operation_not_allowed' },
  ],
  [
    'an operation by pattern',
    { allowed_operations: { operations: ['chat.*'] } },
    {},
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  [
    "the caller's own word for an operation",
    { allowed_operations: { operations: [] } },
    { source: 'check', operation: 'classify', known_operation: false },
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],

  ['an image', {}, image, { allowed: true, risk_score: 0, reason: 'ok' }],
  [
    'an image where none may pass',
    { block_uninspectable_content: { enabled: true } },
    image,
    { allowed: false, risk_score: 100, reason: 'uninspectable_content' },
  ],
  [
    'an image where audio may not pass',
    { block_uninspectable_content: { enabled: true, kinds: ['audio'] } },
    image,
    { allowed: true, risk_score: 0, reason: 'ok' },
  ],
  [
    'a block outweighs a higher score',
    { block_personal_data: { score: 1000 }, allowed_models: { models: [] } },
    email,
    { allowed: false, risk_score: 1100, reason: 'model_not_allowed' },
  ],
]

test.each(table)('%s', (_what, documents, facts, expected) => {
  expect(policyOf(documents).decide({ ...harmless, ...facts }, ids)).toMatchObject(expected)
})

test('every part says which policy it comes from, and whether it blocks or scores', () => {
  const policy = policyOf({ allowed_models: { models: [] } })
  expect(policy.decide({ ...harmless, ...email }, ids).contributions).toEqual([
    {
      policy: 'block_personal_data',
      rule: 'block_personal_data',
      reason: 'contains_personal_data',
      score: 70,
      effect: 'score',
    },
    { policy: 'allowed_models', rule: 'allowed_models', reason: 'model_not_allowed', score: 100, effect: 'block' },
  ])
})

describe('by default', () => {
  const policy = policyOf()

  test.each(operations.map(({ name, unseen }) => [unseen ? 'refused' : 'allowed', name, unseen] as const))(
    'is %s: %s',
    (_outcome, operation, unseen) => {
      const { allowed, reason } = policy.decide({ ...harmless, operation }, ids)
      expect({ allowed, reason }).toEqual({ allowed: !unseen, reason: unseen ? 'operation_not_allowed' : 'ok' })
    },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import type { Facts } from '../../src/contracts/facts.ts'
import { explain, explanationHeaders, refusalMessage, remedies } from '../../src/policy/explain.ts'
import { smallestChange } from '../../src/policy/explanation/smallest.ts'
import { anyDocuments, anyFacts, harmless, ids, policyOf } from './facts.ts'

type Row = [
  what: string,
  documents: Partial<Record<PolicyKey, unknown>>,
  facts: Partial<Facts>,
  changes: ReturnType<typeof explain>['changes'],
]

const rule = (when: string, rest: object = {}) => ({
  rules: { rules: [{ id: 'own', when, effect: 'block', ...rest }] },
})
const found = (types: Facts['personal_data']['types']): Partial<Facts> => ({
  personal_data: { declared: false, types, uncertain: {} },
})
const external: Partial<Facts> = { external: true, provider: 'openai', model: 'gpt-4o' }
const tools: Partial<Facts> = { tools: { names: ['read_file', 'write_file'], total: 2 } }
const removal = { caller: 'remove 2 e-mail addresses', owner: null, command: null }
const internal = { caller: 'use a model of an internal provider', owner: null, command: null }
const approval = {
  ...internal,
  owner: 'approve provider openai',
  command: 'npm run policy -- approve <email> openai',
}

const table: Row[] = [
  ['a harmless call', {}, {}, []],
  ['what scores below the threshold', { block_external_models: { score: 49 } }, external, []],
  ['personal data', {}, found({ email: 2 }), [removal]],
  ['what does not count beside it', {}, found({ email: 2, date_time: 3, url: 1 }), [removal]],
  [
    'several types',
    {},
    found({ email: 1, us_ssn: 2, medical_record: 2 }),
    [
      {
        caller: 'remove 1 e-mail address, 2 US social security numbers, 2 medical records',
        owner: null,
        command: null,
      },
    ],
  ],
  [
    'a name beside an address: one of the two',
    {},
    found({ person_name: 2, postal_address: 1 }),
    [{ caller: 'remove 1 postal address', owner: null, command: null }],
  ],
  [
    'personal data that was declared',
    {},
    { personal_data: { declared: true, types: { url: 1 }, uncertain: {} } },
    [{ caller: 'declare no personal data', owner: null, command: null }],
  ],
  ['an external provider', {}, external, [approval]],
  ['both', {}, { ...external, ...found({ email: 2 }) }, [removal, approval]],
  [
    'both, of which one is enough',
    { risk_threshold: { threshold: 60 } },
    { ...external, ...found({ email: 2 }) },
    [removal],
  ],
  [
    'both, of which only the heavier is enough, wherever it stands',
    { risk_threshold: { threshold: 60 }, block_personal_data: { score: 20 } },
    { ...external, ...found({ email: 2 }) },
    [removal],
  ],
  [
    'a secret',
    {},
    { secrets: { secret_token: 1 } },
    [{ caller: 'remove 1 secret token, to be replaced at the issuer', owner: null, command: null }],
  ],
  [
    'an injection that scores',
    { flag_prompt_injection: { score: 60 } },
    { prompt_injection: { score: 0.9, speaker: 'tool' } },
    [{ caller: 'remove the text of the tool that gives the model orders', owner: null, command: null }],
  ],
  [
    'an image where none may pass',
    { block_uninspectable_content: { enabled: true } },
    { uninspectable_content: ['image'] },
    [{ caller: 'send no content of these kinds: image', owner: null, command: null }],
  ],
  [
    'a model that is not allowed',
    { allowed_models: { models: ['o3'] } },
    {},
    [
      {
        caller: 'use one of the models that GET /v1/models lists',
        owner: 'add llama-3 to allowed_models',
        command: null,
      },
    ],
  ],
  [
    'an operation that is not allowed',
    { allowed_operations: { operations: [] } },
    {},
    [{ caller: null, owner: 'add chat.completions.create to allowed_operations', command: null }],
  ],
  [
    'a rule about tools: only those that it minds',
    rule("tools.names.exists(name, name.startsWith('write_'))"),
    tools,
    [{ caller: 'do not offer these tools: write_file', owner: null, command: null }],
  ],
  ['a rule about any tool', rule('tools.total > 0'), tools, [{ caller: 'offer no tools', owner: null, command: null }]],
  [
    'a rule about output: the most that passes',
    rule('call.max_output_tokens == 0 || call.max_output_tokens > 4000'),
    {},
    [{ caller: 'ask for at most 4000 output tokens', owner: null, command: null }],
  ],
  [
    'a rule about length',
    rule('call.estimated_tokens > 100'),
    { sizes: { ...harmless.sizes, characters: 4000, estimated_tokens: 1000 } },
    [{ caller: 'send at most 400 characters of text', owner: null, command: null }],
  ],
  [
    'a rule about streams',
    rule('call.stream'),
    { stream: true },
    [{ caller: 'do not ask for a stream', owner: null, command: null }],
  ],
  [
    'a key that is required: the owner’s approval alone would not do',
    rule('call.external', { effect: { require: 'intent' } }),
    external,
    [internal],
  ],
  [
    'a rule about providers that stays after approval',
    rule("call.external && call.model != 'o3'"),
    external,
    [internal],
  ],
  [
    'a rule that another change settles: then approval does',
    rule('call.external && personal_data.total > 0'),
    { ...external, ...found({ email: 2 }) },
    [removal, approval],
  ],
  [
    'more than a few findings: as many as are too many',
    { ...rule("personal_data.types['email'] > 3"), block_personal_data: { enabled: false } },
    found({ email: 5, phone: 1 }),
    [removal],
  ],
  [
    'an image and a file, of which only one is refused',
    { block_uninspectable_content: { enabled: true, kinds: ['file'] } },
    { uninspectable_content: ['image', 'file'] },
    [{ caller: 'send no content of these kinds: file', owner: null, command: null }],
  ],
  [
    'a rule about messages',
    rule('call.messages > 5'),
    { sizes: { ...harmless.sizes, messages: 9 } },
    [{ caller: 'send at most 5 messages', owner: null, command: null }],
  ],
  [
    'a rule about output that is not bounded',
    rule('call.max_output_tokens == 0'),
    {},
    [{ caller: 'say how many output tokens there may be', owner: null, command: null }],
  ],
  [
    'a key that is required of everyone',
    rule('true', { effect: { require: 'intent' } }),
    {},
    [{ caller: 'declare intent', owner: null, command: null }],
  ],
  [
    'a rule about what no caller can change',
    rule('time.hour < 12', { description: 'Mornings are for people' }),
    {},
    [{ caller: null, owner: 'change the rule own', command: null }],
  ],
  [
    'a rule that cannot be judged',
    rule('usage.month_cost > 5.0'),
    {},
    [{ caller: null, owner: 'change the rule own', command: null }],
  ],
]

test.each(table)('%s', (_what, documents, facts, changes) => {
  expect(explain(policyOf(documents), { ...harmless, ...facts }, ids).changes).toEqual(changes)
})

describe('a refusal', () => {
  const policy = policyOf({
    ...rule('tools.total > 0', { effect: { score: 10 }, description: 'Tools are looked at' }),
    flag_prompt_injection: { score: 0 },
  })
  const facts: Facts = {
    ...harmless,
    ...tools,
    ...found({ email: 2 }),
    prompt_injection: { score: 1, speaker: 'user' },
  }
  const decision = policy.decide(facts, ids)
  const explanation = explain(policy, facts, ids, decision)

  test('names the rules that spoke, what they say, the threshold and the version', () => {
    expect(explanation).toMatchObject({
      risk_score: 80,
      threshold: 50,
      policy_version: policy.version,
      rules: [
        { rule: 'block_personal_data', score: 70, because: 'the call carries personal data' },
        { rule: 'flag_prompt_injection', score: 0, effect: 'flag' },
        { rule: 'own', score: 10, because: 'the rule own applies (Tools are looked at)' },
      ],
    })
  })

  test('is told in one sentence a change, without what was only flagged', () => {
    expect(refusalMessage(decision, explanation)).toBe(
      'Refused by policy: the call carries personal data, and the rule own applies (Tools are looked at) ' +
        '(risk score 80, threshold 50). Remove 2 e-mail addresses.',
    )
    expect(remedies({ changes: [approval] })).toEqual([
      'Use a model of an internal provider, or ask the owner to approve provider openai: npm run policy -- approve <email> openai',
    ])
  })

  test('is told in headers', () => {
    expect(explanationHeaders(decision)).toEqual({
      'x-governance-reasons': 'contains_personal_data, prompt_injection, own',
      'x-governance-policy-version': policy.version,
    })
  })
})

test('after the changes the call passes, also by the approval where one is named', () => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, (documents, given) => {
      const policy = policyOf(documents)
      const decision = policy.decide(given, ids)
      const { changes, facts, without } = smallestChange(policy, given, ids, decision)
      expect(changes.length === 0).toBe(decision.allowed)
      expect(policy.amended({ without })(facts, ids).allowed).toBe(true)
      expect(without.size).toBeLessThanOrEqual(changes.length)
      expect(new Set(remedies({ changes })).size).toBe(changes.length)
      if (without.size > 0) expect(policy.decide(facts, ids).allowed).toBe(false)
      if (!changes.some(({ owner }) => owner?.startsWith('approve provider'))) return
      // Where the owner could approve the provider instead, the call stays where it was to go.
      const { external, provider } = given
      const amended = policy.amended({ without, approving: provider ?? '' })
      expect(amended({ ...facts, external, provider }, ids).allowed).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('of ten changes that are all needed, each is named', () => {
  const when = [
    'call.stream',
    'call.messages > 5',
    'call.external',
    'tools.total > 0',
    'custom.code_name > 0',
    'secrets.total > 0',
    'personal_data.total > 0',
    'prompt_injection.score > 0.5',
    'size(uninspectable_content) > 0',
    'call.characters > 100',
  ]
  const policy = policyOf({
    rules: { rules: when.map((condition, index) => ({ id: `rule-${index}`, when: condition, effect: 'block' })) },
  })
  const facts: Facts = {
    ...harmless,
    ...external,
    ...tools,
    ...found({ email: 1 }),
    stream: true,
    sizes: { ...harmless.sizes, messages: 9, characters: 500 },
    custom: { code_name: 1 },
    secrets: { secret_token: 1 },
    prompt_injection: { score: 1, speaker: 'user' },
    uninspectable_content: ['image'],
  }
  const { changes } = explain(policy, facts, ids)
  expect(changes).toHaveLength(when.length)
  expect(changes.filter(({ caller }) => caller === null)).toEqual([])
})

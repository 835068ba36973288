import { describe, expect, test } from 'vitest'
import { lint } from '../../../../src/policy/files/lint/lint.ts'
import { type Layers, readPolicies } from '../../../../src/policy/files/policies.ts'

type Written = { id?: string; when: string; effect?: unknown; mode?: string; rollout?: object }

const written = (given: readonly Written[]) => ({
  rules: { rules: given.map((rule, index) => ({ id: `rule${index}`, effect: 'flag', ...rule })) },
})

const layers = (everyone: object, customers: object = {}): Layers => {
  const { file } = readPolicies(JSON.stringify({ everyone, customers }))
  return { everyone: file.everyone ?? {}, customers: file.customers ?? {} }
}

/** What is found in rules for everyone: `kind of rule`. */
const found = (given: readonly Written[], others: object = {}) =>
  lint(layers({ ...others, ...written(given) })).map(({ kind, rule }) => `${kind} ${rule}`)

describe('a condition by itself', () => {
  const never = [
    'call.messages > 5 && call.messages < 5',
    "call.model == 'a' && call.model == 'b'",
    'call.stream && !call.stream',
    'time.hour >= 24',
    'time.weekday == 0',
    'prompt_injection.score > 1.0',
    'call.characters < 0',
    "call.source == 'browser'",
    "'images' in uninspectable_content",
    "personal_data.total == 0 && personal_data.types['email'] > 0",
    'call.approved && !call.approved',
    "call.approved && call.external && call.provider == 'nobody'",
    "declared['team'] == 'a' && declared['team'].startsWith('b')",
    "time.weekday == 3 && time.date == '2026-01-15'",
    "time.date == '2026-02-30'",
    "tools.total == 0 && 'x' in tools.names",
    "call.model in ['a', 'b'] && !(call.model in ['b', 'a'])",
    'false',
  ]
  test.each(never)('%s: never holds', when => {
    expect(found([{ when }])).toEqual(['never_holds rule0'])
  })

  const always = [
    'true',
    'call.messages >= 0',
    'time.hour < 24',
    'call.external || !call.external',
    "call.model != 'a' || call.model != 'b'",
    'key.age_days > 5 || key.age_days <= 5',
  ]
  test.each(always)('%s: always holds', when => {
    expect(found([{ when }])).toEqual(['always_holds rule0'])
  })

  const sensible = [
    'call.messages > 5 && call.messages < 7',
    'time.hour < 7 || time.hour >= 19',
    'time.hour == 23 && time.minute == 59 && time.weekday == 7',
    "time.date >= '2026-12-24' && time.date <= '2026-12-26'",
    "call.model.startsWith('gpt-') && call.model != 'gpt-4o'",
    "call.operation.startsWith('chat.')",
    "tools.names.exists(tool, tool.matches('^write_'))",
    'tools.total > 10 || (tools.total > 0 && call.max_output_tokens == 0)',
    "'image' in uninspectable_content && !('file' in uninspectable_content)",
    "personal_data.total > 5 && personal_data.types['email'] == 0",
    'secrets.total > 0',
    "custom['code_name'] > 2",
    'custom.size() > 0',
    'call.external && !call.approved',
    'usage.month_cost >= 0.5',
    'prompt_injection.score >= 0.9 && prompt_injection.speaker == "tool"',
    'call.characters > call.estimated_tokens * 4',
    "'email' in personal_data.types && 'phone' in personal_data.types",
    "declared['intent'] == 'a' && 'intent' in declared",
    "'abc'.startsWith(call.model) && call.model != '' && call.model != 'abc'",
    "tools.names == ['a', 'b']",
    "call.model > 'a' && call.model < 'b'",
    'int(usage.month_cost) > 5 && usage.month_cost < 6.5',
    'usage.month_cost > 5.0 && usage.month_cost < 5.001',
    "personal_data.total == 5 && personal_data.types['email'] == 2 && personal_data.types['url'] == 0",
    "secrets.total > 3 && secrets.types['secret_token'] == 1",
    'call.stream ? call.messages > 5 : call.messages > 50',
  ]
  test.each(sensible)('%s: nothing to say', when => {
    expect(found([{ when }])).toEqual([])
  })
})

test('what is not judged is not looked at, and a share of nothing is told', () => {
  expect(found([{ when: 'false', mode: 'off' }])).toEqual([])
  expect(found([{ when: 'call.stream', rollout: { percent: 0, by: 'key' } }])).toEqual(['never_judged rule0'])
})

test('a key may be required of every call', () => {
  expect(found([{ when: 'true', effect: { require: 'intent' } }])).toEqual([])
})

describe('a rule beside one that blocks', () => {
  const block = { id: 'block', when: 'call.messages > 10', effect: 'block' }
  const beside: [what: string, rules: Written[], expected: string[]][] = [
    ['that is narrower', [block, { when: 'call.messages > 20', effect: { score: 5 } }], ['shadowed rule1']],
    ['that is narrower, and written before', [{ when: 'call.messages > 20' }, block], ['shadowed rule0']],
    ['that is narrower by another fact', [block, { when: 'call.stream && call.messages == 11' }], ['shadowed rule1']],
    ['that is the same', [block, { when: 'call.messages >= 11', effect: 'block' }], ['shadowed rule1']],
    ['that is wider', [block, { when: 'call.messages > 5' }], []],
    ['that overlaps', [block, { when: 'call.messages > 5 && call.stream' }], []],
    ['in shadow mode', [{ ...block, mode: 'shadow' }, { when: 'call.messages > 20' }], []],
    ['rolled out', [{ ...block, rollout: { percent: 50, by: 'key' } }, { when: 'call.messages > 20' }], []],
    ['that only requires', [{ ...block, effect: { require: 'intent' } }, { when: 'call.messages > 20' }], []],
  ]
  test.each(beside)('%s', (_what, rules, expected) => {
    expect(found(rules)).toEqual(expected)
  })
})

describe('a rule behind a list', () => {
  const models = { allowed_models: { models: ['gpt-4o*', 'mistral/*'] } }
  const rows: [what: string, others: object, when: string, expected: string[]][] = [
    ['of operations that leaves its own out', {}, "call.operation == 'files.create'", ['unreachable rule0']],
    ['of operations with its own', {}, "call.operation.startsWith('chat.')", []],
    ['of models that leaves its own out', models, "call.model == 'llama-3'", ['unreachable rule0']],
    ['of models with one that begins so', models, "call.model.startsWith('gpt-')", []],
    ['of models with its provider', models, "call.provider == 'mistral' && call.stream", []],
    ['of models, and no model named', models, 'call.stream', []],
    [
      'of what is refused unseen',
      { block_uninspectable_content: { enabled: true, kinds: ['image'] } },
      "'image' in uninspectable_content",
      ['unreachable rule0'],
    ],
  ]
  test.each(rows)('%s', (_what, others, when, expected) => {
    expect(found([{ when }], others)).toEqual(expected)
  })
})

test("a customer's rules are looked at beside everyone's", () => {
  const everyone = written([{ id: 'streams', when: 'call.stream', effect: 'block' }])
  const alice = 'alice@example.com'
  const own = (rules: Written[]) => lint(layers(everyone, { [alice]: written(rules) }))
  expect(own([{ id: 'streams', when: 'call.stream', effect: 'block' }])).toMatchObject([
    { kind: 'repeated', rule: 'streams', customer: alice },
  ])
  expect(own([{ id: 'mine', when: 'call.stream && call.external' }])).toMatchObject([
    { kind: 'shadowed', rule: 'mine', customer: alice, problem: expect.stringContaining('streams') },
  ])
  expect(own([{ id: 'streams', when: 'call.stream', effect: 'flag' }])).toEqual([])
})

test('two hundred rules are looked through in a moment', () => {
  const rules = Array.from({ length: 200 }, (_, n) => ({
    when: `call.messages > ${n} && call.model == 'model-${n}' && (call.stream || key.age_days > ${n})`,
    effect: 'block',
  }))
  const start = performance.now()
  expect(found(rules)).toEqual([])
  expect(performance.now() - start).toBeLessThan(20_000)
})

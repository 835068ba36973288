import { describe, expect, test } from 'vitest'
import { readCases } from '../../../src/policy/files/cases.ts'
import { completeFacts } from '../../../src/policy/files/partial-facts.ts'
import { readPolicies } from '../../../src/policy/files/policies.ts'
import { runCases } from '../../../src/policy/files/run-cases.ts'

const policies = {
  everyone: {},
  customers: {},
  ...readPolicies(`
everyone:
  rules:
    rules:
      - {id: streams, when: call.stream, effect: block}
      - {id: nights, when: time.hour < 6, effect: flag, mode: shadow}
      - {id: half, when: call.images > 0, effect: block, rollout: {percent: 50, by: call}}
      - {id: never, when: call.audio > 0, effect: flag}
      - {id: dormant, when: call.audio > 0, effect: flag, mode: 'off'}
customers:
  alice@example.com:
    rules:
      rules:
        - {id: streams, when: call.stream, effect: flag}
`).file,
}

const run = (text: string) => runCases(policies, readCases(`cases:\n${text}`))

describe('a case', () => {
  test.each([
    ['that is as expected', '  - {name: a, facts: {stream: true}, expect: {allowed: false, reason: streams}}', []],
    [
      'that is not',
      '  - {name: a, facts: {stream: true}, expect: {allowed: true, reason: ok, rules: [], score: 0}}',
      [
        'allowed: expected true, found false',
        'reason: expected "ok", found "streams"',
        'score: expected 0, found 100',
        'rules: expected [], found ["streams"]',
      ],
    ],
    [
      'of a customer who has a rule of her own',
      '  - {name: a, customer: alice@example.com, facts: {stream: true}, expect: {allowed: true, rules: [streams]}}',
      [],
    ],
    [
      'of a customer who has none',
      '  - {name: a, customer: bob@example.com, facts: {stream: true}, expect: {allowed: false}}',
      [],
    ],
    [
      'at a time of its own, seen by a rule in shadow mode',
      '  - {name: a, facts: {at: 2026-01-14T03:00:00Z}, expect: {allowed: true, rules: [], shadow: [nights]}}',
      [],
    ],
    [
      'of a rule that is rolled out in part',
      '  - {name: a, facts: {sizes: {images: 1}}, expect: {allowed: false}}',
      [],
    ],
  ])('%s', (_what, text, failures) => {
    expect(run(text).results[0]?.failures).toEqual(failures)
  })
})

test('coverage counts the cases in which each rule spoke, where it is written', () => {
  const { coverage } = run(`
  - {name: one, facts: {stream: true}, expect: {allowed: false}}
  - {name: two, facts: {stream: true, at: 3600000}, expect: {allowed: false}}
  - {name: three, customer: alice@example.com, facts: {stream: true}, expect: {allowed: true}}`)
  expect(coverage).toEqual([
    { rule: 'streams', customer: null, cases: 2 },
    { rule: 'nights', customer: null, cases: 1 },
    { rule: 'half', customer: null, cases: 0 },
    { rule: 'never', customer: null, cases: 0 },
    { rule: 'streams', customer: 'alice@example.com', cases: 1 },
  ])
})

test.each([
  [
    'a fact that does not exist',
    '  - {name: a, facts: {model_name: x}, expect: {allowed: true}}',
    '2:23: cases.0.facts.',
  ],
  ['no expectation', '  - name: a', '2:5: cases.0.expect'],
  ['a type that does not exist', '  - {name: a, facts: {secrets: {key: 1}}, expect: {allowed: true}}', 'cases.0.facts'],
])('refuses %s, and says where', (_what, text, problem) => {
  expect(() => readCases(`cases:\n${text}`)).toThrow(problem)
})

describe('facts that are left out', () => {
  test('follow from those that are given', () => {
    expect(completeFacts({ operation: 'files.create' })).toMatchObject({ known_operation: true })
    expect(completeFacts({ operation: 'classify' })).toMatchObject({ known_operation: false })
    expect(completeFacts({ sizes: { characters: 9 } }).sizes).toMatchObject({ characters: 9, estimated_tokens: 3 })
    expect(completeFacts({ tools: { names: ['a', 'b'] } })).toMatchObject({ sizes: { tools: 2 }, tools: { total: 2 } })
    expect(completeFacts({ at: '1970-01-01T00:00:01Z' }).at).toBe(1000)
  })

  test('are harmless', () => {
    const { results } = runCases(
      { everyone: {}, customers: {} },
      readCases('cases: [{name: a, expect: {allowed: true}}]'),
    )
    expect(results[0]?.decision).toMatchObject({ allowed: true, risk_score: 0, contributions: [] })
  })
})

import { describe, expect, test } from 'vitest'
import { readPolicies } from '../../../src/policy/files/policies.ts'
import { FileError } from '../../../src/policy/files/yaml.ts'

/** What a file says is wrong with it, as `line:column: problem`. */
function problemsOf(text: string): string[] {
  try {
    readPolicies(text)
    return []
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    return error.message.split('\n')
  }
}

const faults: [what: string, text: string, problems: string[]][] = [
  ['what is not YAML', 'everyone: [', ['1:12: Flow sequence in block collection must be sufficiently indented']],
  ['a key that is there twice', 'everyone: {}\neveryone: {}', ['2:1: Map keys must be unique']],
  ['a list', '- a', ['1:1: the file: Invalid input']],
  ['a section that does not exist', 'everybody: {}', ['1:1: everybody: is not known']],
  ['a document that does not exist', 'everyone:\n  rate_limits: {}', ['2:3: everyone.rate_limits: is not known']],
  [
    'a field that does not exist',
    'everyone:\n  rate_limit: {request: 5}',
    ['2:16: everyone.rate_limit.request: is not known'],
  ],
  ['a number out of its bounds', 'everyone:\n  rate_limit:\n    requests: 0', ['3:15: everyone.rate_limit.requests: ']],
  ['an address that is none', 'customers:\n  alice: {}', ['2:3: customers.alice: must be an e-mail address']],
  [
    'two faults, in their order',
    'customers:\n  a@b.example:\n    rate_limit: {requests: x}\n    risk_threshold: {threshold: 0}',
    ['3:28: customers.a@b.example.rate_limit.requests: ', '4:33: customers.a@b.example.risk_threshold.threshold: '],
  ],
]

/** A file with one rule of this condition, written as it is given. */
const ruleWith = (when: string) => `everyone:
  rules:
    rules:
      - id: one
        effect: flag
        when: ${when}
`

const expressions: [what: string, when: string, problem: string][] = [
  [
    'an unknown fact',
    'call.stream && call.modle == "x"',
    '6:30: everyone.rules.rules.0.when: .*did you mean call.model',
  ],
  ['one in quotes', '"call.stream && call.modle == 1"', '6:31: '],
  ['one in a block', '|\n          call.stream &&\n            call.modle == "x"', '8:13: '],
  ['one in a folded block, at its beginning', '>-\n          call.stream &&\n          call.modle == "x"', '6:15: '],
  ['a type error', 'call.model > 5', '6:15: '],
  ['a syntax error', 'call.stream &&', '6:'],
]

describe('refuses', () => {
  test.each(faults)('%s', (_what, text, problems) => {
    const found = problemsOf(text)
    expect(found.length).toBe(problems.length)
    for (const [index, problem] of problems.entries()) expect(found[index]).toContain(problem)
  })

  test.each(expressions)('in a rule, %s', (_what, when, problem) => {
    const found = problemsOf(ruleWith(when))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(new RegExp(`^${problem}`))
  })

  test('aliases that grow without end', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [above, name] of ['ab', 'bc', 'cd'])
      levels.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${above}`).join(', ')}]`)
    expect(problemsOf(levels.join('\n'))[0]).toMatch(/alias/i)
  })

  test('tags that mean nothing here, and a name that would be lost', () => {
    expect(problemsOf('everyone:\n  rate_limit: {requests: !once 5}')).toEqual(['2:26: Unresolved tag: !once'])
    expect(problemsOf('customers:\n  __proto__: {}')).toEqual(['2:3: __proto__: is not known'])
  })

  test('what is nested without end, in a few words', () => {
    expect(problemsOf('['.repeat(20_000)).length).toBeLessThan(30)
  })

  test('rules of a customer that are too many together with those of everyone', () => {
    const rules = (prefix: string) => ({
      rules: { rules: Array.from({ length: 101 }, (_, n) => ({ id: `${prefix}${n}`, when: 'true', effect: 'flag' })) },
    })
    const file = JSON.stringify({ everyone: rules('a'), customers: { 'alice@example.com': rules('b') } })
    expect(problemsOf(file)[0]).toMatch(/customers\.alice@example\.com\.rules/)
  })
})

test('reads what is set, and tells a section that is empty from one that is not there', () => {
  expect(readPolicies('everyone:\n  rate_limit: {requests: 5}').file).toEqual({
    everyone: { rate_limit: { requests: 5 } },
  })
  expect(readPolicies('customers:\n  a@b.example:\n').file).toEqual({ customers: { 'a@b.example': {} } })
  expect(readPolicies('customers: {}').file).toEqual({ customers: {} })
  expect(readPolicies('').file).toEqual({})
})

import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/contracts/facts.ts'
import { effectiveDocuments, InvalidPolicyError } from '../../src/policy/documents.ts'
import { harmless, ids, policyOf } from './facts.ts'

const always = { id: 'always', when: 'true', effect: 'block' }
const withRules = (...rules: object[]) => policyOf({ rules: { rules } })
const decide = (rules: object[], facts: Partial<Facts> = {}) =>
  withRules(...rules).decide({ ...harmless, ...facts }, ids)
const unknown = { id: 'unknown', when: 'usage.month_cost > 5.0' }
const failed = { policy: 'rules', rule: 'unknown', reason: 'rule_failed', score: 100, effect: 'block' }

describe('effects', () => {
  test.each([
    ['block refuses, whatever the threshold', 'block', { allowed: false, risk_score: 100, reason: 'own' }],
    ['flag is noted', 'flag', { allowed: true, risk_score: 0, reason: 'ok', reasons: ['own'] }],
    ['a score of nothing is a flag', { score: 0 }, { allowed: true, risk_score: 0, reasons: ['own'] }],
    ['a score below the threshold', { score: 49 }, { allowed: true, risk_score: 49, reasons: ['own'] }],
    ['a score at the threshold', { score: 50 }, { allowed: false, risk_score: 50, reason: 'own' }],
    ['a key that was not declared', { require: 'intent' }, { allowed: false, risk_score: 100, reason: 'own' }],
    ['a key that was declared', { require: 'team' }, { allowed: true, risk_score: 0, reasons: [] }],
    ['a key that was declared as false', { require: 'is_external_model' }, { allowed: true, reasons: [] }],
  ])('%s', (_what, effect, decision) => {
    const declared = { team: 'support', is_external_model: false }
    expect(decide([{ id: 'own', when: 'call.messages == 1', effect }], { declared })).toMatchObject(decision)
  })

  test('scores add up with those of the built-in policies', () => {
    const rules = [{ id: 'own', when: 'call.external', effect: { score: 5 }, reason: 'far_away' }]
    expect(decide(rules, { external: true, provider: 'openai' })).toMatchObject({
      allowed: false,
      risk_score: 55,
      reason: 'external_model',
      reasons: ['external_model', 'far_away'],
      contributions: [
        { rule: 'block_external_models' },
        { policy: 'rules', rule: 'own', reason: 'far_away', score: 5, effect: 'score' },
      ],
    })
  })

  test('a rule whose condition does not hold says nothing', () => {
    expect(decide([{ ...always, when: 'call.stream' }])).toMatchObject({ allowed: true, contributions: [] })
  })
})

describe('modes', () => {
  test('shadow is judged beside the decision, and changes nothing of it', () => {
    expect(decide([{ ...always, mode: 'shadow' }])).toMatchObject({
      allowed: true,
      risk_score: 0,
      reasons: [],
      contributions: [],
      shadow: [{ rule: 'always', effect: 'block', score: 100 }],
    })
  })

  test('off is not judged', () => {
    expect(decide([{ ...always, mode: 'off' }])).toMatchObject({ allowed: true, contributions: [], shadow: [] })
    expect(withRules({ ...unknown, effect: 'block', mode: 'off' }).reads.size).toBe(0)
  })
})

describe('a rule that cannot be judged', () => {
  test.each([
    ['blocks by default', {}, { allowed: false, reason: 'rule_failed', contributions: [failed], shadow: [] }],
    ['allows if it is set to', { on_error: 'allow' }, { allowed: true, reason: 'ok', contributions: [], shadow: [] }],
    ['has no effect in shadow', { mode: 'shadow' }, { allowed: true, contributions: [], shadow: [failed] }],
  ])('%s, and is named', (_what, fields, decision) => {
    expect(decide([{ ...unknown, effect: { score: 1 }, ...fields }])).toMatchObject({
      ...decision,
      errors: ['unknown'],
    })
  })

  test('that others are judged changes nothing', () => {
    const { reasons } = decide([
      { ...unknown, effect: 'block' },
      { ...always, effect: 'flag' },
    ])
    expect(reasons).toEqual(['always', 'rule_failed'])
  })

  test('facts recorded before there was such a fact cannot be judged', () => {
    const { tools: _, ...old } = harmless
    const { allowed, errors } = withRules({ ...always, when: 'tools.total > 3' }).decide(old as Facts, ids)
    expect({ allowed, errors }).toEqual({ allowed: false, errors: ['always'] })
  })
})

describe('a share', () => {
  const calls = Array.from({ length: 4000 }, (_, index) => ({
    customer: `c${index % 400}`,
    key: 'k',
    call: `d${index}`,
  }))
  const chosen = (rollout: object, id = 'own') => {
    const { decide } = withRules({ ...always, id, rollout })
    return calls.filter(given => !decide(harmless, given).allowed)
  }

  test.each(['customer', 'call'] as const)('by %s is about as large as it says', by => {
    expect(chosen({ percent: 25, by }).length / calls.length).toBeGreaterThan(0.2)
    expect(chosen({ percent: 25, by }).length / calls.length).toBeLessThan(0.3)
  })

  test('of nothing, and of everything', () => {
    expect(chosen({ percent: 0, by: 'call' })).toEqual([])
    expect(chosen({ percent: 100, by: 'call' })).toEqual(calls)
  })

  test('has all calls of a customer, or none', () => {
    const within = new Set(chosen({ percent: 25, by: 'customer' }).map(({ customer }) => customer))
    expect(chosen({ percent: 25, by: 'customer' })).toEqual(calls.filter(({ customer }) => within.has(customer)))
  })

  test('keeps who is in it when it grows', () => {
    const larger = new Set(chosen({ percent: 40, by: 'call' }))
    expect(chosen({ percent: 20, by: 'call' }).every(call => larger.has(call))).toBe(true)
  })

  test('of one experiment, variants divide the calls; of two rules, shares are drawn apart', () => {
    const one = chosen({ percent: 50, by: 'call', experiment: 'answers' }, 'short')
    const other = chosen({ percent: 50, from: 50, by: 'call', experiment: 'answers' }, 'long')
    expect(one.length + other.length).toBe(calls.length)
    expect(new Set([...one, ...other]).size).toBe(calls.length)
    expect(chosen({ percent: 50, by: 'call' }, 'short')).not.toEqual(chosen({ percent: 50, by: 'call' }, 'long'))
  })

  test('is drawn as it was by any other process', () => {
    const { decide } = withRules({ ...always, rollout: { percent: 50, by: 'customer' } })
    const drawn = ['a', 'b', 'c', 'd', 'e', 'f'].map(customer => decide(harmless, { ...ids, customer }).allowed)
    expect(drawn).toEqual([true, false, true, true, false, false])
  })
})

describe('layers', () => {
  const everyone = { rules: { rules: [always, { ...always, id: 'other' }] } }
  const idsOf = (own: object) => effectiveDocuments(everyone, own).rules.rules.map(({ id, mode }) => `${id} ${mode}`)

  test("a customer's rules are added to everyone's", () => {
    expect(idsOf({ rules: { rules: [{ ...always, id: 'mine' }] } })).toEqual([
      'always enforce',
      'other enforce',
      'mine enforce',
    ])
  })

  test('one of the same id replaces, so a customer can be excepted', () => {
    expect(idsOf({ rules: { rules: [{ ...always, mode: 'off' }] } })).toEqual(['always off', 'other enforce'])
  })

  test('what is not a list of rules is refused, and so is a list with an id twice', () => {
    for (const rules of [null, 'x', [null], [{}], [always, always], { 0: always }]) {
      expect(() => idsOf({ rules: { rules } })).toThrow(InvalidPolicyError)
    }
  })
})

describe('is refused when it is saved', () => {
  test.each([
    ['an id with spaces', { ...always, id: 'no id' }, 'rules.rules.0.id: must be a name'],
    ['a reason that says that all is well', { ...always, reason: 'ok' }, 'rules.rules.0.reason: '],
    ['an id of a policy', { ...always, id: 'block_secrets' }, 'rules.rules.0.id: is a name of the product itself'],
    ['an id that says that all is well', { ...always, id: 'ok' }, 'rules.rules.0.id: '],
    ['a reason that says that it failed', { ...always, reason: 'rule_failed' }, 'rules.rules.0.reason: '],
    ['an effect that does not exist', { ...always, effect: 'warn' }, 'rules.rules.0.effect: must be "block"'],
    ['a key that nobody can declare', { ...always, effect: { require: 'mood' } }, 'rules.rules.0.effect'],
    ['a field that does not exist', { ...always, colour: 'red' }, 'rules.rules.0'],
    ['a share of more than all', { ...always, rollout: { percent: 101, by: 'call' } }, 'rollout.percent'],
    [
      'a share past the end',
      { ...always, rollout: { percent: 60, from: 50, by: 'call' } },
      'rollout.percent: ends beyond',
    ],
    [
      'a condition with a slip',
      { ...always, when: 'call.modle == ""' },
      'rules.0.when: line 1, column 1: unknown fact',
    ],
  ])('%s', (_what, rule, message) => {
    expect(() => withRules(rule)).toThrow(message)
  })

  test('more than 200 rules', () => {
    expect(() => withRules(...Array.from({ length: 201 }, (_, index) => ({ ...always, id: `r${index}` })))).toThrow(
      '200',
    )
  })

  test('with the place of the fault', () => {
    try {
      withRules({ ...always, when: 'true &&\n call.modle == ""' })
      expect.unreachable()
    } catch (error) {
      expect((error as InvalidPolicyError).faults).toMatchObject([{ key: 'rules', at: { line: 2, column: 2 } }])
    }
  })
})

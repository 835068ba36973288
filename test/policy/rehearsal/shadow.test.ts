import { describe, expect, test } from 'vitest'
import type { PolicyKey } from '../../../src/contracts/decision.ts'
import type { Facts } from '../../../src/contracts/facts.ts'
import { compilePolicy, type Policy } from '../../../src/policy/compile.ts'
import { effectiveDocuments } from '../../../src/policy/documents.ts'
import { createShadowReport, type JudgedSet } from '../../../src/policy/rehearsal/shadow.ts'
import { harmless } from '../facts.ts'
import { decided } from './recorded.ts'

const external: Facts = { ...harmless, external: true }
const day = (number: number) => new Date(Date.UTC(2027, 0, number))
const week = { first: day(1), last: day(8), decisions: 2_000 }

/** A rule in shadow mode that speaks of external calls, and says nothing of others. */
const watching = { id: 'external_calls', when: 'call.external', effect: 'block', mode: 'shadow' }

function policyWith(rule: object, layer: Partial<Record<PolicyKey, unknown>> = {}): Policy {
  const approving = { block_external_models: { enabled: false } }
  return compilePolicy(effectiveDocuments({ ...approving, ...layer, rules: { rules: [rule] } }))
}

const judged = ({ version, documents }: Policy, seen: Omit<JudgedSet, 'version' | 'documents'> = week) => ({
  version,
  documents,
  ...seen,
})

function reported(sets: JudgedSet[], records: ReturnType<typeof decided>[]) {
  const report = createShadowReport(sets)
  for (const recorded of records) report.add(recorded)
  return report.report()
}

describe('the shadow report', () => {
  test('counts what a rule saw, and what it would have blocked', () => {
    const policy = policyWith(watching)
    const blocked = decided(policy, { facts: external })
    const refusedAnyway = decided(policy, {
      facts: { ...external, personal_data: { declared: true, types: {}, uncertain: {} } },
    })
    expect(reported([judged(policy)], [blocked, refusedAnyway, decided(policy)])).toEqual([
      {
        rule: 'external_calls',
        ...week,
        spoke: 2,
        errors: 0,
        would_block: 1,
        share: 1 / 2_000,
        examples: [blocked.id],
        ready: true,
        because: [],
      },
    ])
  })

  test.each([
    ['does not reach the threshold', { score: 49 }, 0],
    ['reaches the threshold', { score: 50 }, 1],
    ['is a flag', 'flag', 0],
    ['asks for what was not declared', { require: 'intent' }, 1],
  ])('a rule that %s', (_case, effect, would_block) => {
    const policy = policyWith({ ...watching, effect })
    expect(reported([judged(policy)], [decided(policy, { facts: external })])).toMatchObject([{ would_block }])
  })

  test.each([
    ['too few decisions', { ...week, decisions: 999 }, 'it watched 999 decisions'],
    ['too few days', { ...week, last: day(7) }, 'it watched for 6.0 days'],
  ])('says that %s are too few', (_case, seen, why) => {
    const policy = policyWith(watching)
    const [rule] = reported([judged(policy, seen)], [decided(policy, { facts: external })])
    expect(rule).toMatchObject({ ready: false, because: [expect.stringContaining(why)] })
  })

  test('a rule that never spoke is not ready', () => {
    const policy = policyWith(watching)
    expect(reported([judged(policy)], [])).toMatchObject([
      { spoke: 0, ready: false, because: [expect.stringContaining('it never spoke')] },
    ])
  })

  test('a rule that would block many calls is not ready', () => {
    const policy = policyWith(watching)
    const records = Array.from({ length: 21 }, () => decided(policy, { facts: external }))
    expect(reported([judged(policy)], records)).toMatchObject([
      { would_block: 21, ready: false, because: [expect.stringContaining('it would block 1.1% of the calls')] },
    ])
  })

  test('a rule that could not be judged is not ready', () => {
    const policy = policyWith(watching)
    const recorded = { ...decided(policy, { facts: external }), ruleErrors: ['external_calls'] }
    expect(reported([judged(policy)], [recorded])).toMatchObject([{ errors: 1, ready: false }])
  })

  test('what an earlier form of a rule saw is not counted; another description changes nothing', () => {
    const before = policyWith({ ...watching, when: 'call.stream' })
    const after = policyWith(watching)
    const described = policyWith({ ...watching, description: 'Calls that leave the house' })
    const sets = [judged(before), judged(after), judged(described, { ...week, last: day(9) })]
    const records = [before, after, described].map(policy => decided(policy, { facts: { ...external, stream: true } }))
    expect(reported(sets, records)).toMatchObject([{ decisions: 4_000, spoke: 2, first: day(1), last: day(9) }])
  })

  test('decisions of sets without the rule are not counted', () => {
    const policy = policyWith(watching)
    const without = compilePolicy(effectiveDocuments({}))
    expect(reported([judged(policy), judged(without)], [])).toMatchObject([{ decisions: 2_000 }])
    expect(reported([judged(without)], [decided(without)])).toEqual([])
  })
})

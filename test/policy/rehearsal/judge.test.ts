import { expect, test } from 'vitest'
import type { Facts } from '../../../src/contracts/facts.ts'
import { startOfMonth } from '../../../src/contracts/month.ts'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { effectiveDocuments } from '../../../src/policy/documents.ts'
import { policiesOf } from '../../../src/policy/rehearsal/candidate.ts'
import { createJudge } from '../../../src/policy/rehearsal/judge.ts'
import { harmless } from '../facts.ts'
import { customerId, decided } from './recorded.ts'

const inForce = compilePolicy(effectiveDocuments({}))
const unasked: Facts = { ...harmless, usage: { month_cost: null } }
const budget = { id: 'budget', when: 'usage.month_cost >= 10.0', effect: 'block' as const }

const call = (createdAt: Date, costUsd: number | null, facts = unasked) =>
  decided(inForce, { createdAt, costUsd, facts })
const january = (day: number) => new Date(Date.UTC(2027, 0, day))
const february = (day: number) => new Date(Date.UTC(2027, 1, day))

test('a month’s costs are reckoned from the log where no rule asked for them', () => {
  const policy = compilePolicy(effectiveDocuments({ rules: { rules: [budget] } }))
  const judge = createJudge(() => policy, new Map([[customerId, 7]]))
  const calls = [
    call(january(30), 2),
    call(january(30), null),
    call(january(31), 2),
    call(january(31), 1),
    call(february(1), 50),
    { ...call(february(1), 0), customerId: 'another' },
    call(february(2), 0),
  ]
  expect(calls.map(recorded => judge(recorded).allowed)).toEqual([true, true, true, false, true, true, false])
})

test('what was recorded of the month’s costs is kept', () => {
  const policy = compilePolicy(effectiveDocuments({ rules: { rules: [budget] } }))
  const judge = createJudge(() => policy, new Map([[customerId, 70]]))
  expect(judge(call(january(3), 1, { ...harmless, usage: { month_cost: 9 } })).allowed).toBe(true)
})

test('a month begins with its first day in UTC', () => {
  expect(startOfMonth(new Date('2027-02-01T00:30:00+01:00'))).toEqual(january(1))
})

test('each customer is judged by what is set for everyone and by what is its own', () => {
  const layers = {
    everyone: { risk_threshold: { threshold: 60 } },
    customers: { 'alice@example.com': { block_personal_data: { score: 10 } } },
  }
  const policyOf = policiesOf(layers, id => `${id}@example.com`)
  expect(policyOf('alice').documents).toMatchObject({
    risk_threshold: { threshold: 60 },
    block_personal_data: { score: 10 },
  })
  expect(policyOf('bob').documents).toMatchObject({
    risk_threshold: { threshold: 60 },
    block_personal_data: { score: 70 },
  })
  expect(policyOf('bob')).toBe(policyOf('carol'))
})

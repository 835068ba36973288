import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { effectiveDocuments } from '../../../src/policy/documents.ts'
import { createExperimentReport, type Variant } from '../../../src/policy/rehearsal/experiments.ts'
import { harmless } from '../facts.ts'
import { recordOf } from './recorded.ts'

const share = (percent: number, from = 0) => ({ percent, from, by: 'customer', experiment: 'answers' })
const short = { id: 'short', when: 'call.messages > 2', effect: 'block', rollout: share(40) }
const long = { id: 'long', when: 'call.messages > 8', effect: { score: 20 }, rollout: share(40, 40) }
const customers = Array.from({ length: 200 }, () => uuidv7())

function policyWith(...rules: object[]) {
  return compilePolicy(effectiveDocuments({ rules: { rules } }))
}

/** A call of each customer, with that many messages, as a policy judges it. */
function callsUnder(policy: ReturnType<typeof policyWith>, messages: number, costUsd: number | null = null) {
  return customers.map(customerId => {
    const id = uuidv7()
    const facts = { ...harmless, sizes: { ...harmless.sizes, messages } }
    const decision = policy.decide(facts, { customer: customerId, key: customerId, call: id })
    return recordOf(decision, { id, customerId, apiKeyId: customerId, facts, costUsd })
  })
}

const judged = (...policies: ReturnType<typeof policyWith>[]) =>
  policies.map(({ version, documents }) => ({
    version,
    documents,
    decisions: 1,
    first: new Date(),
    last: new Date(),
  }))

const named = (variants: readonly Variant[] = []) => new Map(variants.map(variant => [variant.rule, variant]))

test('variants stand side by side, each with the calls of its own customers, and the rest beside them', () => {
  const policy = policyWith(short, long)
  const report = createExperimentReport(judged(policy))
  const calls = [...callsUnder(policy, 1, 0.25), ...callsUnder(policy, 5), ...callsUnder(policy, 9, 0.75)]
  for (const call of calls) report.add(call)
  const [experiment, ...others] = report.report()
  expect(others).toEqual([])
  expect(experiment).toMatchObject({ name: 'answers', first: calls[0]?.createdAt, last: calls.at(-1)?.createdAt })
  const variants = named(experiment?.variants)
  expect([...variants.keys()]).toEqual(['short', 'long', null])

  const [a, b, rest] = [variants.get('short'), variants.get('long'), variants.get(null)]
  for (const variant of [a, b]) expect(variant?.units).toBeGreaterThan(50)
  expect((a?.units ?? 0) + (b?.units ?? 0) + (rest?.units ?? 0)).toBe(customers.length)
  const [n, m] = [a?.units ?? 0, b?.units ?? 0]
  expect(a).toMatchObject({ by: 'customer', decisions: 3 * n, spoke: 2 * n, refused: 2 * n, decided: 2 * n, errors: 0 })
  expect(b).toMatchObject({ decisions: 3 * m, spoke: m, refused: 0, decided: 0 })
  expect(rest).toMatchObject({ spoke: 0, refused: 0, decided: 0, risk_score: 0, cost_usd: 0.5 })
  expect(a?.risk_score).toBeCloseTo(200 / 3)
  expect(b?.risk_score).toBeCloseTo(20 / 3)
})

test('a refusal that another rule would have made as well is not the rule’s', () => {
  const all = { id: 'all', when: 'true', effect: 'block' }
  const policy = policyWith(short, all)
  const report = createExperimentReport(judged(policy))
  for (const call of callsUnder(policy, 5)) report.add(call)
  const variant = named(report.report()[0]?.variants).get('short')
  expect(variant).toMatchObject({ refused: variant?.units, spoke: variant?.units, decided: 0 })
})

test('in shadow mode, what it would have refused counts', () => {
  const policy = policyWith({ ...short, mode: 'shadow' })
  const report = createExperimentReport(judged(policy))
  for (const call of callsUnder(policy, 5)) report.add(call)
  const variant = named(report.report()[0]?.variants).get('short')
  expect(variant).toMatchObject({ refused: 0, spoke: variant?.units, decided: variant?.units })
})

test('once a variant changes, all of them start anew', () => {
  const [before, after] = [policyWith(short, long), policyWith({ ...short, when: 'call.messages > 4' }, long)]
  const report = createExperimentReport(judged(before, after))
  for (const call of [...callsUnder(before, 5), ...callsUnder(after, 5)]) report.add(call)
  const variants = report.report()[0]?.variants ?? []
  expect(variants.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(customers.length)
})

test('a rule for a share without a name of an experiment is compared with the rest; others are left out', () => {
  const alone = { ...short, id: 'alone', rollout: { percent: 50, by: 'call' } }
  const policy = policyWith(alone, { ...long, rollout: undefined }, { ...long, id: 'off', mode: 'off' })
  const report = createExperimentReport(judged(policy))
  for (const call of callsUnder(policy, 1)) report.add(call)
  const [experiment, ...others] = report.report()
  expect([experiment?.name, others]).toEqual(['alone', []])
  const [mine, rest] = experiment?.variants ?? []
  expect(mine?.units).toBe(mine?.decisions)
  expect((mine?.decisions ?? 0) + (rest?.decisions ?? 0)).toBe(customers.length)
})

import { describe, expect, test } from 'vitest'
import type { PolicyKey } from '../../../src/contracts/decision.ts'
import type { Facts } from '../../../src/contracts/facts.ts'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { effectiveDocuments } from '../../../src/policy/documents.ts'
import { createReplay } from '../../../src/policy/rehearsal/replay.ts'
import { examplesKept } from '../../../src/policy/rehearsal/tally.ts'
import { idsOf } from '../../../src/policy/rehearsal/verify.ts'
import { harmless } from '../facts.ts'
import { decided } from './recorded.ts'

const policyOf = (layer: Partial<Record<PolicyKey, unknown>>) => compilePolicy(effectiveDocuments(layer))
const inForce = policyOf({})
const withEmail: Facts = { ...harmless, personal_data: { declared: false, types: { email: 1 }, uncertain: {} } }
const external: Facts = { ...harmless, provider: 'openai', model: 'gpt-4o', external: true }

/** What a candidate would have made of calls that were judged by what is in force. */
function replayed(candidate: Partial<Record<PolicyKey, unknown>>, calls: Facts[]) {
  const policy = policyOf(candidate)
  const replay = createReplay(recorded => policy.decide(recorded.facts, idsOf(recorded)))
  const records = calls.map(facts => decided(inForce, { facts }))
  for (const recorded of records) replay.add(recorded)
  return { records, report: replay.report() }
}

describe('a replay', () => {
  test('under what was in force changes nothing', () => {
    const { report } = replayed({}, [harmless, withEmail, external])
    expect(report).toMatchObject({ decisions: 3, changed: 0, otherwise: 0 })
    expect(Object.values(report.by).flat()).toEqual([])
  })

  test('of no decisions has no shares', () => {
    expect(replayed({}, []).report).toMatchObject({ decisions: 0, newly_blocked: { count: 0, share: 0 } })
  })

  test('names the calls that would be blocked, and the rule behind it', () => {
    const { report, records } = replayed({ allowed_models: { models: ['gpt-*'] } }, [harmless, withEmail])
    const [first] = records
    expect(report).toMatchObject({
      changed: 1,
      newly_blocked: { count: 1, share: 0.5, decisions: [first?.id] },
      newly_allowed: { count: 0, share: 0, decisions: [] },
      otherwise: 1,
      by: {
        rule: [{ name: 'allowed_models', newly_blocked: 1, newly_allowed: 0, decisions: [first?.id] }],
        model: [{ name: harmless.model }],
        provider: [{ name: harmless.provider }],
        customer: [{ name: first?.customerId }],
        key: [{ name: first?.apiKeyId }],
      },
    })
  })

  test('names the calls that would pass, and the rule that no longer stands against them', () => {
    const { report } = replayed({ block_external_models: { approved_providers: ['openai'] } }, [external, withEmail])
    expect(report).toMatchObject({
      newly_allowed: { count: 1, share: 0.5 },
      by: { rule: [{ name: 'block_external_models', newly_allowed: 1 }], provider: [{ name: 'openai' }] },
    })
  })

  test('finds the threshold behind a change in which the same rules spoke', () => {
    const { report } = replayed({ risk_threshold: { threshold: 500 } }, [external])
    expect(report.by.rule).toMatchObject([{ name: 'risk_threshold', newly_allowed: 1 }])
  })

  test('counts every rule behind a change', () => {
    const candidate = { block_personal_data: { enabled: false }, block_external_models: { enabled: false } }
    const { report } = replayed(candidate, [{ ...external, personal_data: withEmail.personal_data }])
    expect(report.changed).toBe(1)
    expect(report.by.rule.map(({ name }) => name).toSorted()).toEqual(['block_external_models', 'block_personal_data'])
  })

  test('counts calls that are answered alike with another score', () => {
    const { report } = replayed({ block_personal_data: { score: 90 } }, [withEmail])
    expect(report).toMatchObject({ changed: 0, otherwise: 1 })
  })

  test('keeps few examples, and counts names without end as others', () => {
    const calls = Array.from({ length: 1_500 }, (_, index) => ({ ...harmless, model: `model-${index}` }))
    const { report } = replayed({ allowed_models: { models: [] } }, calls)
    expect(report.newly_blocked).toMatchObject({ count: 1_500, share: 1 })
    expect(report.newly_blocked.decisions).toHaveLength(examplesKept)
    expect(report.by.model).toHaveLength(1_001)
    expect(report.by.model[0]).toMatchObject({ name: '(others)', newly_blocked: 500 })
  })
})

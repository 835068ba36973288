import { v7 as uuidv7 } from 'uuid'
import type { Decision } from '../../../src/contracts/decision.ts'
import type { RecordedDecision } from '../../../src/contracts/recorded.ts'
import type { Policy } from '../../../src/policy/compile.ts'
import { harmless } from '../facts.ts'

export const customerId = uuidv7()
export const apiKeyId = uuidv7()

/** What a decision leaves in the log, read back: through JSON, as the database keeps it. */
export function recordOf(decision: Decision, fields: Partial<RecordedDecision> = {}): RecordedDecision {
  const kept: RecordedDecision = {
    id: uuidv7(),
    customerId,
    apiKeyId,
    allowed: decision.allowed,
    riskScore: decision.risk_score,
    reason: decision.reason,
    contributions: decision.contributions,
    shadow: decision.shadow.length === 0 ? null : decision.shadow,
    ruleErrors: decision.errors.length === 0 ? null : decision.errors,
    policyVersion: decision.policy_version,
    facts: harmless,
    createdAt: new Date(),
    costUsd: null,
    ...fields,
  }
  return { ...JSON.parse(JSON.stringify(kept)), createdAt: kept.createdAt }
}

/** Judges facts, and leaves what the proxy would leave of it. */
export function decided(policy: Policy, fields: Partial<RecordedDecision> = {}): RecordedDecision {
  const { facts = harmless, id = uuidv7() } = fields
  const decision = policy.decide(facts, { customer: customerId, key: apiKeyId, call: id })
  return recordOf(decision, { ...fields, id, facts })
}

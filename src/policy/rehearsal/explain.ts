import type { SettledDecision } from '../../contracts/recorded.ts'
import type { Policy } from '../compile.ts'
import { remedies } from '../explain.ts'
import { idsOf } from './verify.ts'

/**
 * A recorded decision and why it was made. What the record does not hold is told by the policy that judged then:
 * null where its documents are not kept.
 */
export function explainRecorded(recorded: SettledDecision, policy: Policy | null) {
  const { facts } = recorded
  const decision = policy?.decide(facts, idsOf(recorded)) ?? null
  return {
    decision_id: recorded.id,
    created_at: recorded.createdAt.toISOString(),
    outcome: recorded.outcome,
    status: recorded.status,
    allowed: recorded.allowed,
    risk_score: recorded.riskScore,
    threshold: decision?.threshold ?? null,
    reason: recorded.reason,
    reasons: [...new Set(recorded.contributions.map(({ reason }) => reason))],
    // Those that were recorded before there were rules are named by their policy.
    contributions: recorded.contributions.map(spoken => ({ ...spoken, rule: spoken.rule ?? spoken.policy })),
    shadow: recorded.shadow ?? [],
    errors: recorded.ruleErrors ?? [],
    remedies: decision === null ? null : remedies(decision, facts),
    policy_version: recorded.policyVersion,
    facts,
  }
}

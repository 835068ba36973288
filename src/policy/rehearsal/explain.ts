import type { SettledDecision } from '../../contracts/recorded.ts'
import type { Policy } from '../compile.ts'
import { explain, remedies } from '../explain.ts'
import { idsOf } from './verify.ts'

/**
 * A recorded decision and why it was made. What the record does not hold is told by the policy that judged then:
 * null where its documents are not kept.
 */
export function explainRecorded(recorded: SettledDecision, policy: Policy | null) {
  const { facts } = recorded
  const explanation = policy === null ? null : explain(policy, facts, idsOf(recorded))
  return {
    decision_id: recorded.id,
    created_at: recorded.createdAt.toISOString(),
    outcome: recorded.outcome,
    status: recorded.status,
    allowed: recorded.allowed,
    risk_score: recorded.riskScore,
    threshold: explanation?.threshold ?? null,
    reason: recorded.reason,
    reasons: [...new Set(recorded.contributions.map(({ reason }) => reason))],
    // Those that were recorded before there were rules are named by their policy.
    contributions: recorded.contributions.map(spoken => ({ ...spoken, rule: spoken.rule ?? spoken.policy })),
    shadow: recorded.shadow ?? [],
    errors: recorded.ruleErrors ?? [],
    remedies: explanation === null ? null : remedies(explanation),
    explanation,
    policy_version: recorded.policyVersion,
    facts,
  }
}

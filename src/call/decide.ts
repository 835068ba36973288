import { GovernedError } from '../errors.ts'
import { explain, explanationHeaders, refusalMessage } from '../policy/explain.ts'
import { written } from './call.ts'
import { idsOf } from './circumstances.ts'
import type { Stage } from './stage.ts'

/** Asks the policy decision point, and ends the call when it refuses. */
export function createDecide(): Stage {
  return function decide(call) {
    const { facts } = written(call.inspected)
    const policy = written(call.policy)
    const ids = idsOf(call)
    const decision = policy.decide(facts, ids)
    call.decision = decision
    if (decision.allowed) return
    const explanation = explain(policy, facts, ids, decision)
    throw new GovernedError('policy_refused', {
      reason: decision.reason,
      message: refusalMessage(decision, explanation),
      headers: explanationHeaders(decision),
      extra: {
        decision_id: call.id,
        risk_score: decision.risk_score,
        threshold: decision.threshold,
        reasons: decision.reasons,
        contributions: decision.contributions,
        policy_version: decision.policy_version,
        explanation,
      },
    })
  }
}

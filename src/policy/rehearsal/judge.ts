import type { Decision } from '../../contracts/decision.ts'
import type { Facts } from '../../contracts/facts.ts'
import type { RecordedDecision } from '../../contracts/recorded.ts'
import type { Policy } from '../compile.ts'
import { createReplayedCosts } from './replayed-costs.ts'
import { idsOf } from './verify.ts'

/**
 * Judges recorded decisions, in the order in which they came, by each customer's candidate policy. Where it asks for
 * what no rule asked for then, the log says that as well: `before` holds the costs of the month before the first.
 */
export function createJudge(
  policyOf: (customerId: string) => Policy,
  before: ReadonlyMap<string, number>,
): (recorded: RecordedDecision) => Decision {
  const monthCostBefore = createReplayedCosts(before)

  return function judge(recorded) {
    const policy = policyOf(recorded.customerId)
    const month_cost = monthCostBefore(recorded)
    const { facts } = recorded
    const isMissing = facts.usage.month_cost === null && policy.reads.has('usage.month_cost')
    const known: Facts = isMissing ? { ...facts, usage: { month_cost } } : facts
    return policy.decide(known, idsOf(recorded))
  }
}

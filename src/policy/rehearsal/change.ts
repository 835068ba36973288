import type { Contribution, Decision } from '../../contracts/decision.ts'
import type { RecordedDecision } from '../../contracts/recorded.ts'

/** How a call's fate differs under a candidate. */
export type Change = 'newly_blocked' | 'newly_allowed'

/** Null if the call would be answered as it was. */
export function changeOf(recorded: RecordedDecision, decision: Decision): Change | null {
  if (recorded.allowed === decision.allowed) return null
  return decision.allowed ? 'newly_allowed' : 'newly_blocked'
}

/**
 * The rules that a change comes from: those that weigh on the side that refuses and not, or not as much, on the other.
 * Where there is none, the same rules spoke and the threshold moved.
 */
export function rulesBehind(change: Change, recorded: RecordedDecision, decision: Decision): string[] {
  const blocked = change === 'newly_blocked'
  const refusing = blocked ? decision.contributions : recorded.contributions
  const allowing = new Map((blocked ? recorded : decision).contributions.map(spoken => [ruleOf(spoken), spoken]))
  const rules = refusing
    .filter(spoken => weightOf(spoken) > weightOf(allowing.get(ruleOf(spoken))))
    .map(spoken => ruleOf(spoken))
  return rules.length === 0 ? ['risk_threshold'] : [...new Set(rules)]
}

function weightOf(spoken: Contribution | undefined): number {
  return spoken === undefined ? 0 : weighs(spoken)
}

/** Points towards a refusal. What refuses by itself outweighs any score. */
export function weighs({ effect, score }: Contribution): number {
  if (effect === 'flag') return 0
  return effect === 'score' ? score : Number.POSITIVE_INFINITY
}

/** Contributions that were recorded before there were rules are named by their policy. */
function ruleOf({ rule, policy }: Partial<Contribution>): string {
  return rule ?? policy ?? ''
}

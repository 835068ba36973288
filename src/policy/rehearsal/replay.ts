import type { Decision } from '../../contracts/decision.ts'
import type { RecordedDecision } from '../../contracts/recorded.ts'
import { type Change, changeOf, rulesBehind } from './change.ts'
import { createTally, examplesKept, type NamedCount } from './tally.ts'

export type Judge = (recorded: RecordedDecision) => Decision

export type ChangeCount = { count: number; share: number; decisions: string[] }

/** What a candidate would have done. Shares are of all decisions that were judged, from 0 to 1. */
export type ReplayReport = {
  decisions: number
  changed: number
  newly_blocked: ChangeCount
  newly_allowed: ChangeCount
  /** Answered as it was, with another score or other reasons. */
  otherwise: number
  /** Decisions for which a rule of the candidate could not be judged. */
  errors: { count: number; rules: string[] }
  by: Record<Dimension, NamedCount[]>
}

/** What changes are counted by. A change can come from several rules, and is counted for each. */
const dimensions = {
  rule: (change, recorded, decision) => rulesBehind(change, recorded, decision),
  model: (_change, { facts }) => [facts.model ?? '(none)'],
  provider: (_change, { facts }) => [facts.provider ?? '(none)'],
  customer: (_change, { customerId }) => [customerId],
  key: (_change, { apiKeyId }) => [apiKeyId],
} satisfies Record<string, (change: Change, recorded: RecordedDecision, decision: Decision) => string[]>
export type Dimension = keyof typeof dimensions
export const dimensionNames = Object.keys(dimensions) as Dimension[]

/** Judges recorded decisions again, one by one, and holds them against what was decided then. Pure. */
export function createReplay(judge: Judge) {
  const counts = { newly_blocked: newCount(), newly_allowed: newCount() }
  const tallies = dimensionNames.map(name => ({ name, namesOf: dimensions[name], tally: createTally() }))
  const failing = new Set<string>()
  let decisions = 0
  let otherwise = 0
  let errors = 0

  return {
    add(recorded: RecordedDecision): void {
      const decision = judge(recorded)
      decisions++
      if (decision.errors.length > 0) {
        errors++
        for (const rule of decision.errors) failing.add(rule)
      }
      const change = changeOf(recorded, decision)
      if (change === null) {
        if (decision.risk_score !== recorded.riskScore || decision.reason !== recorded.reason) otherwise++
        return
      }
      const count = counts[change]
      count.count++
      if (count.decisions.length < examplesKept) count.decisions.push(recorded.id)
      for (const { namesOf, tally } of tallies) {
        for (const name of namesOf(change, recorded, decision)) tally.add(name, change, recorded.id)
      }
    },

    report(): ReplayReport {
      const share = (count: ReturnType<typeof newCount>) => ({
        ...count,
        share: decisions === 0 ? 0 : count.count / decisions,
      })
      return {
        decisions,
        changed: counts.newly_blocked.count + counts.newly_allowed.count,
        newly_blocked: share(counts.newly_blocked),
        newly_allowed: share(counts.newly_allowed),
        otherwise,
        errors: { count: errors, rules: [...failing].sort() },
        by: Object.fromEntries(tallies.map(({ name, tally }) => [name, tally.list()])) as ReplayReport['by'],
      }
    },
  }
}

function newCount() {
  return { count: 0, decisions: [] as string[] }
}

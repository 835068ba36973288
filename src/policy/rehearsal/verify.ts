import { isDeepStrictEqual } from 'node:util'
import type { Decision } from '../../contracts/decision.ts'
import type { RecordedDecision } from '../../contracts/recorded.ts'
import type { Policy } from '../compile.ts'
import { examplesKept } from './tally.ts'

/** Whether the record is what the rules say. Decisions are `unknown` where the set that judged is not kept. */
export type VerifyReport = {
  decisions: number
  exact: number
  different: { count: number; decisions: { id: string; fields: string[] }[] }
  unknown: { count: number; versions: string[] }
}

const versionsNamed = 100

/** Every field of a decision that is recorded, from the record and from the decision made again. */
const fields = Object.entries<(recorded: RecordedDecision, decision: Decision) => [unknown, unknown]>({
  allowed: (recorded, decision) => [recorded.allowed, decision.allowed],
  risk_score: (recorded, decision) => [recorded.riskScore, decision.risk_score],
  reason: (recorded, decision) => [recorded.reason, decision.reason],
  contributions: (recorded, decision) => [recorded.contributions, decision.contributions],
  shadow: (recorded, decision) => [recorded.shadow ?? [], decision.shadow],
  rule_errors: (recorded, decision) => [recorded.ruleErrors ?? [], decision.errors],
})

/** Judges recorded decisions again by the very set that judged them, and tells where the answer is another. Pure. */
export function createVerification(policyOf: (version: string) => Policy | null) {
  const versions = new Set<string>()
  const report: VerifyReport = {
    decisions: 0,
    exact: 0,
    different: { count: 0, decisions: [] },
    unknown: { count: 0, versions: [] },
  }

  return {
    add(recorded: RecordedDecision): void {
      report.decisions++
      const policy = policyOf(recorded.policyVersion)
      if (policy === null) {
        report.unknown.count++
        if (versions.size < versionsNamed) versions.add(recorded.policyVersion)
        return
      }
      const differing = differences(recorded, policy.decide(recorded.facts, idsOf(recorded)))
      if (differing.length === 0) {
        report.exact++
        return
      }
      report.different.count++
      const { decisions } = report.different
      if (decisions.length < examplesKept) decisions.push({ id: recorded.id, fields: differing })
    },

    report: (): VerifyReport => ({ ...report, unknown: { ...report.unknown, versions: [...versions] } }),
  }
}

/** What a rollout is sticky by. */
export function idsOf({ customerId, apiKeyId, id }: RecordedDecision) {
  return { customer: customerId, key: apiKeyId, call: id }
}

function differences(recorded: RecordedDecision, decision: Decision): string[] {
  return fields.filter(([, pair]) => !isSame(...pair(recorded, decision))).map(([name]) => name)
}

/** The database keeps the order of lists and not that of keys. */
function isSame(recorded: unknown, made: unknown): boolean {
  return recorded === made || (typeof made === 'object' && isDeepStrictEqual(recorded, made))
}

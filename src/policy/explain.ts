import type { BuiltInReason, Contribution, Decision } from '../contracts/decision.ts'
import type { Facts } from '../contracts/facts.ts'
import type { Ids, Policy } from './compile.ts'
import type { PolicyDocuments } from './documents.ts'
import type { Change } from './explanation/changes.ts'
import { because } from './explanation/owner.ts'
import { smallestChange, weighing } from './explanation/smallest.ts'
import { ruleFailed } from './rule.ts'

/** Why a decision is as it is, and what would let a refused call pass. Built from ids, counts and owners' own words. */
export type Explanation = {
  /** The rules that spoke, as in the decision, each with what it says. */
  rules: (Contribution & { because: string })[]
  risk_score: number
  threshold: number
  policy_version: string
  /** The smallest set of changes after which the call would pass. Empty if it passed. */
  changes: Change[]
}

export function explain(policy: Policy, facts: Facts, ids: Ids, decision = policy.decide(facts, ids)): Explanation {
  const { risk_score, threshold, policy_version, contributions } = decision
  return {
    rules: contributions.map(spoken => ({ ...spoken, because: reasonOf(spoken, policy.documents) })),
    risk_score,
    threshold,
    policy_version,
    changes: smallestChange(policy, facts, ids, decision).changes,
  }
}

function reasonOf({ policy, rule, reason }: Contribution, { rules: { rules } }: PolicyDocuments): string {
  if (policy !== 'rules') return because[reason as BuiltInReason]
  if (reason === ruleFailed) return `the rule ${rule} could not be judged`
  const description = rules.find(({ id }) => id === rule)?.description ?? ''
  return description === '' ? `the rule ${rule} applies` : `the rule ${rule} applies (${description})`
}

/** The changes, a sentence each. */
export function remedies({ changes }: Pick<Explanation, 'changes'>): string[] {
  return changes.map(({ caller, owner, command }) => {
    const ways = [caller, owner === null ? null : `ask the owner to ${owner}`].filter(way => way !== null)
    const sentence = `${ways.join(', or ')}${command === null ? '.' : `: ${command}`}`
    return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`
  })
}

/** What a refused caller is told. */
export function refusalMessage(decision: Decision, explanation: Explanation): string {
  const parts = new Set(weighing(decision).map(({ rule }) => rule))
  const why = new Set(explanation.rules.filter(({ rule }) => parts.has(rule)).map(rule => rule.because))
  const { risk_score, threshold } = decision
  return `Refused by policy: ${[...why].join(', and ')} (risk score ${risk_score}, threshold ${threshold}). ${remedies(explanation).join(' ')}`
}

/** The same for programs that read no bodies. Reasons are ids: no header could be split by one. */
export function explanationHeaders({ reasons, policy_version }: Decision): Record<string, string> {
  return { 'x-governance-reasons': reasons.join(', '), 'x-governance-policy-version': policy_version }
}

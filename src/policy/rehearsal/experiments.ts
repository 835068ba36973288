import type { RecordedDecision } from '../../contracts/recorded.ts'
import type { PolicyDocuments } from '../documents.ts'
import { type Share, shareOf } from '../rollout.ts'
import { weighs } from './change.ts'
import { formOf, type JudgedSet, wouldBlock } from './shadow.ts'
import { idsOf } from './verify.ts'

type Rule = PolicyDocuments['rules']['rules'][number]
type Unit = NonNullable<Rule['rollout']>['by']

/** What became of the calls in one share of an experiment. */
export type Variant = {
  /** Id of its rule; null for the calls that are in no rule's share. */
  rule: string | null
  by: Unit
  /** Customers, keys or calls that are in the share and called. */
  units: number
  decisions: number
  refused: number
  /** How often the rule spoke, in force or in shadow mode. */
  spoke: number
  /** Refusals that would have passed without the rule; in shadow mode, passes that it would have refused. */
  decided: number
  /** How often it could not be judged. */
  errors: number
  /** On average. */
  risk_score: number
  /** US dollars of a call whose cost is known, on average; null if none is. */
  cost_usd: number | null
}

/** Rules that divide the same units among them, side by side, and since when they have been as they are. */
export type Experiment = { name: string; first: Date; last: Date; variants: Variant[] }

type Arm = { rule: string | null; by: Unit; isFor: Share; isShadow: boolean }
/** The rules of an experiment as one set of documents has them. */
type Plan = { form: string; arms: Arm[] }
type Counts = Omit<Variant, 'rule' | 'by' | 'units' | 'cost_usd'> & { units: Set<string>; cost: number; costs: number }
type Running = Plan & { first: Date | null; last: Date | null; counts: Counts[] }

/**
 * Counts what became of calls in the shares of rules that are rolled out in part. Once a rule of an experiment changes,
 * it starts anew, so that its shares are compared over the same time. `judged` has the latest set last; decisions are
 * added in the order in which they came. Pure.
 */
export function createExperimentReport(judged: readonly JudgedSet[]) {
  const sets = new Map(judged.map(({ version, documents }) => [version, setOf(documents)]))
  const running = new Map<string, Running>()
  for (const { version } of judged) {
    for (const [name, plan] of sets.get(version)?.plans ?? []) {
      if (running.get(name)?.form === plan.form) continue
      running.set(name, { ...plan, first: null, last: null, counts: plan.arms.map(noCounts) })
    }
  }

  return {
    add(recorded: RecordedDecision): void {
      const set = sets.get(recorded.policyVersion)
      for (const [name, { form }] of set?.plans ?? []) {
        const experiment = running.get(name)
        if (experiment?.form === form) count(experiment, recorded, set?.threshold ?? Infinity)
      }
    },

    /** By name. */
    report: (): Experiment[] =>
      [...running]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, { first, last, arms, counts }]) => {
          if (first === null || last === null) return []
          return [
            { name, first, last, variants: arms.map((arm, index) => variantOf(arm, counts[index] ?? noCounts())) },
          ]
        }),
  }
}

function setOf({ rules: { rules }, risk_threshold }: PolicyDocuments) {
  const byName = Map.groupBy(
    rules.filter(({ rollout, mode }) => rollout !== undefined && mode !== 'off'),
    ({ id, rollout }) => rollout?.experiment ?? id,
  )
  const plans = [...byName].map(([name, variants]) => [name, planOf(variants)] as const)
  return { threshold: risk_threshold.threshold, plans }
}

function planOf(rules: Rule[]): Plan {
  const form = JSON.stringify(rules.map(rule => [rule.id, rule.mode, formOf(rule)]))
  const arms = rules.map(rule => ({
    rule: rule.id,
    by: rule.rollout?.by ?? 'call',
    isFor: shareOf(rule),
    isShadow: rule.mode === 'shadow',
  }))
  const isForNone: Share = ids => arms.every(({ isFor }) => !isFor(ids))
  return { form, arms: [...arms, { rule: null, by: arms[0]?.by ?? 'call', isFor: isForNone, isShadow: false }] }
}

function count(experiment: Running, recorded: RecordedDecision, threshold: number): void {
  const ids = idsOf(recorded)
  experiment.first ??= recorded.createdAt
  experiment.last = recorded.createdAt
  for (const [index, { rule, by, isFor, isShadow }] of experiment.arms.entries()) {
    const counts = experiment.counts[index]
    if (counts === undefined || !isFor(ids)) continue
    const spoken = (isShadow ? recorded.shadow : recorded.contributions)?.find(one => one.rule === rule)
    counts.decisions++
    if (by !== 'call') counts.units.add(ids[by])
    if (!recorded.allowed) counts.refused++
    if (recorded.ruleErrors?.includes(rule ?? '')) counts.errors++
    counts.risk_score += recorded.riskScore
    if (recorded.costUsd !== null) {
      counts.cost += recorded.costUsd
      counts.costs++
    }
    if (spoken === undefined) continue
    counts.spoke++
    if (isShadow ? wouldBlock(spoken, recorded, threshold) : madeTheDifference(spoken.rule, recorded, threshold))
      counts.decided++
  }
}

/** Whether a refused call would have passed without a rule. */
function madeTheDifference(rule: string, { allowed, contributions }: RecordedDecision, threshold: number): boolean {
  if (allowed) return false
  const others = contributions.filter(one => one.rule !== rule)
  return others.reduce((sum, one) => sum + weighs(one), 0) < threshold
}

function variantOf({ rule, by }: Arm, { units, cost, costs, ...counts }: Counts): Variant {
  return {
    rule,
    by,
    units: by === 'call' ? counts.decisions : units.size,
    ...counts,
    risk_score: counts.decisions === 0 ? 0 : counts.risk_score / counts.decisions,
    cost_usd: costs === 0 ? null : cost / costs,
  }
}

function noCounts(): Counts {
  const nothing = { decisions: 0, refused: 0, spoke: 0, decided: 0, errors: 0, risk_score: 0, cost: 0, costs: 0 }
  return { ...nothing, units: new Set() }
}

import type { Contribution } from '../../contracts/decision.ts'
import type { RecordedDecision } from '../../contracts/recorded.ts'
import type { PolicyDocuments } from '../documents.ts'
import { weighs } from './change.ts'
import { examplesKept } from './tally.ts'

/** How many decisions a set of documents made, and from when to when. */
export type JudgedSet = { documents: PolicyDocuments; version: string; decisions: number; first: Date; last: Date }

/** What a rule in shadow mode saw, as it stands now: what an earlier form of it saw is not counted. */
export type ShadowedRule = {
  rule: string
  /** Decisions that were made while it watched, and between which moments. */
  decisions: number
  first: Date
  last: Date
  spoke: number
  errors: number
  /** Calls that passed, and would not have with this rule in force. */
  would_block: number
  /** Of the decisions, from 0 to 1. */
  share: number
  /** Ids of calls that it would have blocked. */
  examples: string[]
  ready: boolean
  /** What stands against enforcing it. */
  because: string[]
}

type Rule = PolicyDocuments['rules']['rules'][number]
type Watched = ShadowedRule & { form: string }

/** Rules of thumb: a week has every kind of day in it, and of a thousand calls three unexpected ones will show. */
const enough = { decisions: 1_000, days: 7, share: 0.01 }
const msPerDay = 86_400_000

/** Gathers what rules in shadow mode saw. `judged` are the sets of the period, the latest last. Pure. */
export function createShadowReport(judged: readonly JudgedSet[]) {
  const watched = new Map<string, Watched>()
  const thresholds = new Map<string, number>()
  /** The form that a version had each of its shadow rules in. */
  const forms = new Map<string, Map<string, string>>()

  for (const { version, documents, ...seen } of judged) {
    thresholds.set(version, documents.risk_threshold.threshold)
    const shadowed = documents.rules.rules.filter(({ mode }) => mode === 'shadow')
    forms.set(version, new Map(shadowed.map(rule => [rule.id, formOf(rule)])))
    for (const rule of shadowed) {
      const known = watched.get(rule.id)
      if (known === undefined || known.form !== formOf(rule)) watched.set(rule.id, newlyWatched(rule, seen))
      else extend(known, seen)
    }
  }

  /** The rule as it is watched now, if the decision was made by that form of it. */
  function watchedIn({ policyVersion }: RecordedDecision, id: string): Watched | null {
    const rule = watched.get(id)
    return rule !== undefined && forms.get(policyVersion)?.get(id) === rule.form ? rule : null
  }

  return {
    add(recorded: RecordedDecision): void {
      for (const id of recorded.ruleErrors ?? []) {
        const rule = watchedIn(recorded, id)
        if (rule !== null) rule.errors++
      }
      for (const contribution of recorded.shadow ?? []) {
        const rule = watchedIn(recorded, contribution.rule)
        if (rule === null) continue
        rule.spoke++
        if (!wouldBlock(contribution, recorded, thresholds.get(recorded.policyVersion))) continue
        rule.would_block++
        if (rule.examples.length < examplesKept) rule.examples.push(recorded.id)
      }
    },

    /** The rule that would block most first. */
    report(): ShadowedRule[] {
      return [...watched.values()]
        .map(({ form: _, ...rule }) => {
          const share = rule.decisions === 0 ? 0 : rule.would_block / rule.decisions
          const because = objections({ ...rule, share })
          return { ...rule, share, ready: because.length === 0, because }
        })
        .sort((a, b) => b.would_block - a.would_block)
    },
  }
}

/** Whether a call that passed would not have, with what a rule in shadow mode said in force. */
export function wouldBlock(spoken: Contribution, recorded: RecordedDecision, threshold = Infinity): boolean {
  return recorded.allowed && spoken.effect !== 'flag' && recorded.riskScore + weighs(spoken) >= threshold
}

/** What a rule does, without the words about it. */
export function formOf({ when, effect, rollout, on_error }: Rule): string {
  return JSON.stringify([when, effect, rollout, on_error])
}

type Seen = Pick<ShadowedRule, 'decisions' | 'first' | 'last'>

function newlyWatched(rule: Rule, { decisions, first, last }: Seen): Watched {
  const nothingYet = { spoke: 0, errors: 0, would_block: 0, share: 0, examples: [], ready: false, because: [] }
  return { rule: rule.id, form: formOf(rule), decisions, first, last, ...nothingYet }
}

function extend(rule: Watched, { decisions, first, last }: Seen): void {
  rule.decisions += decisions
  if (first < rule.first) rule.first = first
  if (last > rule.last) rule.last = last
}

function objections({ decisions, first, last, spoke, errors, share }: ShadowedRule): string[] {
  const days = (last.getTime() - first.getTime()) / msPerDay
  const found: [boolean, string][] = [
    [decisions < enough.decisions, `it watched ${decisions} decisions, and ${enough.decisions} are needed to tell`],
    [days < enough.days, `it watched for ${days.toFixed(1)} days, and a week has days of every kind`],
    [spoke === 0, 'it never spoke: see whether its condition can come true'],
    [errors > 0, `it could not be judged ${errors} times, and would then do what its on_error says`],
    [share > enough.share, `it would block ${(share * 100).toFixed(1)}% of the calls: look at some of them first`],
  ]
  return found.filter(([applies]) => applies).map(([, why]) => why)
}

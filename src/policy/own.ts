import type { Contribution } from '../contracts/decision.ts'
import { blockScore } from './built-in.ts'
import { compileExpression } from './cel/expression.ts'
import type { Run } from './cel/term.ts'
import { type Share, shareOf } from './rollout.ts'
import { type Rule, ruleFailed } from './rule.ts'

/** One of an owner's rules, compiled. */
export type OwnRule = {
  contribution: Contribution
  /** What it contributes when it cannot be judged; null if that is to change nothing. */
  failure: Contribution | null
  isShadow: boolean
  isFor: Share
  applies: Run<boolean>
  /** The facts that it is judged by. */
  reads: ReadonlySet<string>
}

/** The rules that are judged at all, in the order of their ids: in which order they were written changes nothing. */
export function ownRules(rules: readonly Rule[]): OwnRule[] {
  return rules
    .filter(({ mode }) => mode !== 'off')
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(compileRule)
}

function compileRule(rule: Rule): OwnRule {
  const { holds, reads } = compileExpression(rule.when)
  const failure = { policy: 'rules', rule: rule.id, reason: ruleFailed, score: blockScore, effect: 'block' } as const
  return {
    contribution: Object.freeze(contributionOf(rule)),
    failure: rule.on_error === 'block' ? Object.freeze(failure) : null,
    isShadow: rule.mode === 'shadow',
    isFor: shareOf(rule),
    ...conditionOf(rule.effect, holds, reads),
  }
}

function contributionOf({ id, reason = id, effect }: Rule): Contribution {
  const part = { policy: 'rules', rule: id, reason } as const
  if (effect === 'block') return { ...part, score: blockScore, effect }
  if (effect === 'flag') return { ...part, score: 0, effect }
  if ('require' in effect) return { ...part, score: blockScore, effect: 'require' }
  return { ...part, score: effect.score, effect: effect.score === 0 ? 'flag' : 'score' }
}

/** A rule that requires a key applies where its condition holds and the key is not declared. */
function conditionOf(effect: Rule['effect'], holds: Run<boolean>, reads: ReadonlySet<string>) {
  if (typeof effect === 'string' || !('require' in effect)) return { applies: holds, reads }
  const key = effect.require
  const applies: Run<boolean> = scope => !Object.hasOwn(scope.facts.declared, key) && holds(scope)
  return { applies, reads: new Set([...reads, 'declared']) }
}

import { isDeepStrictEqual } from 'node:util'
import { effectiveDocuments } from '../../documents.ts'
import type { Rule } from '../../rule.ts'
import type { Layers } from '../policies.ts'
import { type Condition, type Surroundings, surroundingsOf } from './conditions.ts'

export const lintKinds = ['never_holds', 'always_holds', 'shadowed', 'unreachable', 'repeated', 'never_judged'] as const

/** Something about a rule that its owner can hardly mean. `customer` is whose document has it, null for everyone's. */
export type Finding = { kind: (typeof lintKinds)[number]; rule: string; customer: string | null; problem: string }

/** Looks through the rules of a file. Finds nothing that is not so; what can't be told by trying is passed over. */
export function lint({ everyone, customers }: Layers): Finding[] {
  const general = effectiveDocuments(everyone)
  const { rules } = general.rules
  const found = findingsIn(surroundingsOf(general), rules, null)
  for (const [customer, own] of Object.entries(customers)) {
    const ownRules = effectiveDocuments(own).rules.rules
    if (ownRules.length === 0) continue
    const repeated = ownRules.filter(rule => rules.some(other => isDeepStrictEqual(other, rule)))
    const surroundings = surroundingsOf(effectiveDocuments(everyone, own))
    found.push(
      ...repeated.map(({ id }) => finding('repeated', id, customer, 'says what the rule of everyone says')),
      ...findingsIn(surroundings, ownRules, customer),
    )
  }
  return found
}

function findingsIn(surroundings: Surroundings, rules: readonly Rule[], customer: string | null): Finding[] {
  return rules.flatMap(({ id, mode, rollout }) => {
    if (mode !== 'off' && rollout?.percent === 0)
      return [finding('never_judged', id, customer, 'is rolled out to 0 per cent')]
    const condition = surroundings.conditions.find(({ rule }) => rule.id === id)
    const found = condition === undefined ? null : findingOf(condition, surroundings)
    return found === null ? [] : [{ ...found, rule: id, customer }]
  })
}

type Told = Pick<Finding, 'kind' | 'problem'> | null

/** The first thing that is odd: of a rule that never holds there is no more to say. */
function findingOf(condition: Condition, surroundings: Surroundings): Told {
  const { calls, isComplete } = surroundings.worldsOf(condition)
  const heard = calls.filter(condition.speaks)
  if (isComplete && heard.length === 0)
    return { kind: 'never_holds', problem: 'never holds: the condition contradicts itself, or the facts' }
  if (isComplete && heard.length === calls.length && isUnconditional(condition))
    return { kind: 'always_holds', problem: 'always holds: it is for every call' }
  return (isComplete ? unreachable(heard, surroundings) : null) ?? shadowed(condition, surroundings)
}

/** A key may rightly be required of every call. */
const isUnconditional = ({ rule: { effect } }: Condition) => typeof effect === 'string' || 'score' in effect

/** Whether every call that the rule speaks of is refused by a list, whatever its score. */
function unreachable(heard: Parameters<Condition['speaks']>[0][], { builtIn }: Surroundings): Told {
  const blocking = heard.map(call =>
    builtIn
      .decide(call, nobody)
      .contributions.filter(({ effect }) => effect === 'block')
      .map(({ rule }) => rule),
  )
  const policies = [...new Set(blocking.flat())]
  if (blocking.some(rules => rules.length === 0)) return null
  return { kind: 'unreachable', problem: `speaks only of calls that ${policies.join(' and ')} refuses anyway` }
}

const nobody = { customer: '', key: '', call: '' }

/** Whether a rule that blocks speaks whenever this one does. Of two that are alike, the later is told. */
function shadowed(condition: Condition, surroundings: Surroundings): Told {
  const { conditions } = surroundings
  const position = conditions.indexOf(condition)
  for (const [index, other] of conditions.entries()) {
    if (other === condition || !blocks(other.rule)) continue
    if (!covers(other, condition, surroundings)) continue
    if (index > position && blocks(condition.rule) && covers(condition, other, surroundings)) continue
    return { kind: 'shadowed', problem: `changes nothing: ${other.rule.id} blocks every call that it speaks of` }
  }
  return null
}

function blocks({ effect, mode, rollout }: Rule): boolean {
  return effect === 'block' && mode === 'enforce' && rollout === undefined
}

function covers(wide: Condition, narrow: Condition, { worldsOf, worldsOfBoth }: Surroundings): boolean {
  // Most pairs differ on a call that the narrow one alone is tried on.
  if (worldsOf(narrow).calls.some(call => narrow.speaks(call) && !wide.speaks(call))) return false
  const { calls, isComplete } = worldsOfBoth(wide, narrow)
  const heard = calls.filter(narrow.speaks)
  return isComplete && heard.length > 0 && heard.every(wide.speaks)
}

function finding(kind: Finding['kind'], rule: string, customer: string | null, problem: string): Finding {
  return { kind, rule, customer, problem }
}

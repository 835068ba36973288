import type { Contribution, Decision } from '../../contracts/decision.ts'
import type { Facts } from '../../contracts/facts.ts'
import type { Ids, Policy } from '../compile.ts'
import { type CallersChange, type Change, callersChanges, declaration } from './changes.ts'
import type { Edit } from './edits.ts'
import { approvalOf, ownersChange } from './owner.ts'

/** The changes, and the call as it would then be judged: with these facts, and without these rules. */
export type Smallest = { changes: Change[]; facts: Facts; without: Set<string> }

/** Either the caller changes something, or the owner takes a rule out of the way. */
type Candidate = { change: CallersChange } | { rule: string }

/** A refusal is explained on the call's path: this many judgements take less than ten milliseconds. */
const maxCombinations = 256

/**
 * The smallest set of changes after which a refused call would pass, found by judging again. What the caller can do
 * comes first; a rule is put aside only where nothing that the caller could change has a part in it.
 */
export function smallestChange(policy: Policy, facts: Facts, ids: Ids, decision: Decision): Smallest {
  if (decision.allowed) return { changes: [], facts, without: new Set() }
  const candidates = candidatesFor(policy, facts, ids, decision)
  const test = (set: readonly Candidate[]) => passes(policy, ids, set, most(set, facts))
  const chosen = firstThatPasses(candidates, test)
  const all = weighing(decision).map(({ rule }) => ({ rule }))
  return settled(policy, ids, facts, chosen ?? thinnedOut(candidates, test) ?? all)
}

function candidatesFor(policy: Policy, facts: Facts, ids: Ids, decision: Decision): Candidate[] {
  const open = new Set(weighing(decision).map(({ rule }) => rule))
  const spoke = [...open]
  const required = policy.documents.rules.rules.flatMap(({ id, effect }) =>
    open.has(id) && typeof effect === 'object' && 'require' in effect ? [declaration(effect.require)] : [],
  )
  const candidates: Candidate[] = []
  for (const change of [...callersChanges, ...required]) {
    if (!change.isPossible(facts)) continue
    const after = new Set(weighing(policy.decide(change.most(facts), ids)).map(({ rule }) => rule))
    const silenced = spoke.filter(rule => !after.has(rule))
    if (silenced.length > 0) candidates.push({ change })
    for (const rule of silenced) open.delete(rule)
  }
  return [...candidates, ...[...open].map(rule => ({ rule }))]
}

/** Tries sets of candidates, the smaller first and those of the first candidates first. */
function firstThatPasses(candidates: Candidate[], test: (set: Candidate[]) => boolean): Candidate[] | null {
  let left = maxCombinations
  for (let size = 1; size <= candidates.length; size++) {
    for (const set of combinations(candidates, size)) {
      if (left-- === 0) return null
      if (test(set)) return set
    }
  }
  return null
}

/** Where there are too many sets to try: all candidates, without those that are not needed beside the others. */
function thinnedOut(candidates: Candidate[], test: (set: Candidate[]) => boolean): Candidate[] | null {
  if (!test(candidates)) return null
  let needed = candidates
  for (const candidate of candidates.toReversed()) {
    const others = needed.filter(one => one !== candidate)
    if (test(others)) needed = others
  }
  return needed
}

function* combinations<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  if (size === 0) yield []
  for (let index = 0; index <= items.length - size && size > 0; index++) {
    const item = items[index] as Item
    for (const rest of combinations(items.slice(index + 1), size - 1)) yield [item, ...rest]
  }
}

/** Makes each change as little as is enough beside the others, and says it in words. */
function settled(policy: Policy, ids: Ids, before: Facts, chosen: readonly Candidate[]): Smallest {
  const edits = chosen.map(editOf)
  for (const [index, candidate] of chosen.entries()) {
    if (!('change' in candidate) || candidate.change.least === undefined) continue
    const beside = applied(edits.toSpliced(index, 1), before)
    edits[index] = candidate.change.least(beside, facts => passes(policy, ids, chosen, facts))
  }
  return {
    changes: chosen.map((candidate, index) => {
      if ('rule' in candidate) return ownersChange(candidate.rule, before, policy.documents)
      const change = candidate.change.words(before, (edits[index] ?? unchanged)(before))
      const provider = candidate.change.approval?.(before) ?? null
      const beside = applied(edits.toSpliced(index, 1), before)
      if (provider === null || !passes(policy, ids, chosen, beside, provider)) return change
      return { ...change, ...approvalOf(provider) }
    }),
    facts: applied(edits, before),
    without: rulesIn(chosen),
  }
}

function applied(edits: readonly Edit[], before: Facts): Facts {
  return edits.reduce((facts, edit) => edit(facts), before)
}

function editOf(candidate: Candidate): Edit {
  return 'change' in candidate ? candidate.change.most : unchanged
}

function unchanged(facts: Facts): Facts {
  return facts
}

function passes(policy: Policy, ids: Ids, set: readonly Candidate[], facts: Facts, approving?: string): boolean {
  const without = rulesIn(set)
  if (without.size === 0 && approving === undefined) return policy.decide(facts, ids).allowed
  return policy.amended({ without, ...(approving !== undefined && { approving }) })(facts, ids).allowed
}

function most(set: readonly Candidate[], before: Facts): Facts {
  return applied(set.map(editOf), before)
}

function rulesIn(set: readonly Candidate[]): Set<string> {
  return new Set(set.flatMap(candidate => ('rule' in candidate ? [candidate.rule] : [])))
}

/** What had a part in a refusal: what was only flagged had none. */
export function weighing({ contributions }: Decision): Contribution[] {
  return contributions.filter(({ effect }) => effect !== 'flag')
}

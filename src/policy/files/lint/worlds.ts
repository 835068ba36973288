import type { Facts } from '../../../contracts/facts.ts'
import type { WordValue } from '../../vocabulary.ts'
import { isCovered, valuesOf } from './domain.ts'
import type { Compared, Comparisons } from './literals.ts'
import { canBePlaced, inOrder, placed } from './place.ts'

/** Calls to try a condition on. `isComplete`: there is one of every kind that the condition could tell apart. */
export type Worlds = { calls: Facts[]; isComplete: boolean }

/** More are not tried: some 20 ms a rule. */
const most = 4096

/** All combinations of values of the facts that are compared, as far as a call can have them. */
export function worldsOf(
  { facts, isPlain }: Comparisons,
  base: Facts,
  approves: (provider: string | null) => boolean,
): Worlds {
  const compared = inOrder([...facts.values()])
  const values = compared.map(valuesOf)
  const combinations = values.reduce((product, { length }) => product * length, 1)
  const isComplete =
    isPlain && combinations <= most && compared.every(fact => isCovered(fact) && canBePlaced(fact.path))
  const calls: Facts[] = []
  const step = Math.max(1, Math.floor(combinations / most))
  for (let index = 0; index < combinations && calls.length < most; index += step) {
    const call = placed(base, combination(compared, values, index), approves)
    if (call !== null) calls.push(call)
  }
  return { calls, isComplete }
}

/** The combination of an index, as digits of a number of mixed radix. */
function combination(facts: readonly Compared[], values: readonly WordValue[][], index: number) {
  let rest = index
  return facts.map((fact, position) => {
    const choices = values[position] ?? []
    const value = choices[rest % choices.length] ?? ''
    rest = Math.floor(rest / choices.length)
    return [fact, value] as const
  })
}

import type { Facts } from '../../contracts/facts.ts'
import type { Counts, Edit } from './edits.ts'

type Passes = (facts: Facts) => boolean

/** Takes away only the names that have to go. */
export function fewest<Name extends string>(
  names: readonly Name[],
  keeping: (kept: Name[]) => Edit,
  facts: Facts,
  passes: Passes,
): Edit {
  let kept: Name[] = []
  for (const name of names) if (passes(keeping([...kept, name])(facts))) kept = [...kept, name]
  return keeping(kept)
}

/** Takes away only the findings that have to go: of each type all, or as few as is enough. */
export function leastRemoved(counts: Counts, keeping: (kept: Counts) => Edit, facts: Facts, passes: Passes): Edit {
  let kept: Counts = {}
  for (const [type, count] of Object.entries(counts)) {
    const keepingOf = (some: number) => keeping({ ...kept, [type]: some })
    if (passes(keepingOf(count)(facts))) kept = { ...kept, [type]: count }
    else if (count > 1 && passes(keepingOf(1)(facts)))
      kept = { ...kept, [type]: largestPassing(count, keepingOf, facts, passes) }
  }
  return keeping(kept)
}

/** Lowers a number only as far as it has to go. */
export function largest(upTo: number, to: (bound: number) => Edit, facts: Facts, passes: Passes): Edit {
  return to(largestPassing(upTo, to, facts, passes))
}

/** Of the numbers from 1, which passes, to one that does not. */
function largestPassing(upTo: number, to: (bound: number) => Edit, facts: Facts, passes: Passes): number {
  let [passing, failing] = [1, upTo]
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2)
    if (passes(to(middle)(facts))) passing = middle
    else failing = middle
  }
  return passing
}

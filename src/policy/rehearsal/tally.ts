import type { Change } from './change.ts'

/** Ids kept for each name: enough to look at, little enough to hold for every name. */
export const examplesKept = 20
/** Names counted one by one. A caller chooses its models' names, so that there is no end to them. */
const namesKept = 1_000
const rest = '(others)'

export type Count = { newly_blocked: number; newly_allowed: number; decisions: string[] }
export type NamedCount = { name: string } & Count

/** Counts changes by name, in bounded space. */
export function createTally() {
  const counts = new Map<string, Count>()

  return {
    add(name: string, change: Change, id: string): void {
      const known = counts.has(name) || counts.size < namesKept ? name : rest
      const count = counts.get(known) ?? { newly_blocked: 0, newly_allowed: 0, decisions: [] }
      counts.set(known, count)
      count[change]++
      if (count.decisions.length < examplesKept) count.decisions.push(id)
    },

    /** The most changed first. */
    list(): NamedCount[] {
      const total = (count: Count) => count.newly_blocked + count.newly_allowed
      return [...counts].map(([name, count]) => ({ name, ...count })).sort((a, b) => total(b) - total(a))
    },
  }
}

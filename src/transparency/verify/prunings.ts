import type { Entry } from '../entry.ts'
import type { VerifierKey } from '../keys.ts'
import type { Pruning } from '../record.ts'
import { createFindings } from './findings.ts'
import { createLogCheck } from './log.ts'
import { createOutside } from './outside.ts'
import { createRanges, type Ranges } from './ranges.ts'

/** The prunings in one log that a checkpoint of a known key vouches for: those that a verifier goes by. */
export async function signedPrunings(
  log: string,
  entries: AsyncIterable<Entry>,
  keys: readonly VerifierKey[],
): Promise<Pruning[]> {
  const allowance = { ms: 0, leaves: 0, now: 0 }
  const check = createLogCheck({
    log,
    keys,
    outside: createOutside([]),
    allowance,
    partial: false,
    findings: createFindings(0),
  })
  for await (const entry of entries) {
    if ('entry' in entry) check.leaf(entry.entry)
    else if ('checkpoint' in entry) check.checkpoint(entry.checkpoint.note)
  }
  return [...check.prunings()]
}

/** The leaves that prunings took, by log. */
export function prunedRanges(prunings: Iterable<Pruning>): Map<string, Ranges> {
  const pruned = new Map<string, Ranges>()
  for (const { log, first, end } of prunings) {
    const ranges = pruned.get(log) ?? createRanges()
    pruned.set(log, ranges)
    ranges.add(first, end)
  }
  return pruned
}

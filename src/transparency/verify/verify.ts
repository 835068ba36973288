import type { Entry } from '../entry.ts'
import type { VerifierKey } from '../keys.ts'
import { createFindings, type Finding, type FindingKind, type Findings } from './findings.ts'
import { createLogCheck, type LogCheck, type LogReport } from './log.ts'
import { createOutside, readOutside } from './outside.ts'
import { prunedRanges } from './prunings.ts'
import { createRanges, type Range, without } from './ranges.ts'

export type VerifySettings = {
  /** The keys that are trusted. Those that a stream names are not. */
  keys: readonly VerifierKey[]
  /** Signed notes that were kept outside, to be read before the entries are: what is signed later is not in them. */
  checkpoints?: Iterable<string> | AsyncIterable<string>
  /** How old a record may be that no checkpoint vouches for yet, in milliseconds. */
  unsignedAllowanceMs?: number
  /** How many leaves may be without a checkpoint, however young they are. */
  unsignedAllowanceLeaves?: number
  /** Whether logs may begin after leaf 0, and end before their last one, as those of an export of some days do. */
  partial?: boolean
  /** Milliseconds since 1970. */
  now: number
  /** How many findings are reported in full. */
  limit?: number
}

export type Report = {
  /** Whether nothing was found. */
  ok: boolean
  logs: LogReport[]
  findings: Finding[]
  /** Number of findings by kind, those beyond the limit included. */
  found: Record<FindingKind, number>
  counts: { entries: number; records: number; checkpoints: number; strays: number }
  /** Checkpoints from outside: those that a log was held against, and those of which nothing can be said. */
  outside: { compared: number; unchecked: number }
  /** Keys that the stream names and the verifier does not trust. */
  unknownKeys: number
}

/**
 * Reads a stream of entries once and says what is wrong with it. Memory grows with the number of logs, holes, prunings
 * and findings, not with that of the entries. What is found and what cannot be is described in docs/AUDIT_FORMAT.md.
 */
export async function verify(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  settings: VerifySettings,
): Promise<Report> {
  const { keys, checkpoints = [], partial = false, now, limit = 10_000 } = settings
  const { unsignedAllowanceMs = 300_000, unsignedAllowanceLeaves = 10_000 } = settings
  const findings = createFindings(limit)
  const outside = await readOutside(checkpoints, keys, findings)
  const counts = { entries: 0, records: 0, checkpoints: 0, strays: 0 }
  const logs = new Map<string, LogCheck>()
  let unknownKeys = 0
  let latest: LogCheck | null = null

  function begin(log: string): LogCheck {
    const allowance = { ms: unsignedAllowanceMs, leaves: unsignedAllowanceLeaves, now }
    const known = outside.get(log) ?? createOutside([])
    const check = createLogCheck({ log, keys, outside: known, allowance, partial, findings })
    logs.set(log, check)
    return check
  }

  /** The log that a line is about, which is nearly always that of the line before. */
  function find(log: string): LogCheck {
    if (latest?.log === log) return latest
    latest = logs.get(log) ?? null
    if (latest === null) {
      findings.add({ kind: 'gap', log, index: 0, detail: 'no_start' })
      latest = begin(log)
    }
    return latest
  }

  for await (const entry of entries) {
    if ('entry' in entry) {
      counts.entries++
      if (entry.entry.record !== undefined) counts.records++
      find(entry.entry.log).leaf(entry.entry)
    } else if ('checkpoint' in entry) {
      counts.checkpoints++
      find(entry.checkpoint.log).checkpoint(entry.checkpoint.note)
    } else if ('start' in entry) {
      const { log, size, frontier, note } = entry.start
      if (logs.has(log)) findings.add({ kind: 'inserted', log, index: size, detail: 'duplicate' })
      else if (size === 0) begin(log)
      else {
        if (!partial) findings.add({ kind: 'gap', log, index: 0, end: size })
        begin(log).startAt(size, frontier, note)
      }
    } else if ('stray' in entry) {
      counts.strays++
      findings.add({ kind: 'inserted', ...entry.stray })
    } else if (!keys.some(({ text }) => text === entry.key)) unknownKeys++
  }

  const reports = Array.from(logs.values(), log => log.finish())
  const compared = reports.reduce((sum, log) => sum + log.compared, 0)
  let unchecked = reports.reduce((sum, log) => sum + log.unchecked, 0)
  for (const [log, known] of outside) {
    const end = known.checkpoints.at(-1)?.size ?? 0
    if (logs.has(log)) continue
    // It may have begun since the export was made.
    if (partial) unchecked += known.checkpoints.length
    else findings.add({ kind: 'cut_off', log, index: 0, end, detail: 'unknown_log' })
  }
  findMissing(logs, reports, partial, findings)
  const { findings: all, found } = findings.finish()
  return {
    ok: Object.values(found).every(count => count === 0),
    logs: reports,
    findings: all,
    found,
    counts,
    outside: { compared, unchecked },
    unknownKeys,
  }
}

/** Holds the records that are absent against the prunings of all logs, once it is known which of those are signed. */
function findMissing(
  logs: ReadonlyMap<string, LogCheck>,
  reports: readonly LogReport[],
  partial: boolean,
  findings: Findings,
): void {
  const pruned = prunedRanges(Array.from(logs.values(), log => [...log.prunings()]).flat())
  for (const [log, ranges] of pruned) {
    if (!logs.has(log)) findings.add({ kind: 'cut_off', log, index: 0, end: endOf(ranges), detail: 'unknown_log' })
  }
  for (const { log, start, size } of reports) {
    const check = logs.get(log)
    if (check === undefined) continue
    const taken = pruned.get(log) ?? createRanges()
    const end = endOf(taken)
    if (end > size && !partial) findings.add({ kind: 'cut_off', log, index: size, end, detail: 'pruned' })
    for (const { first, end } of without(check.absent, taken)) findings.add({ kind: 'removed', log, index: first, end })
    const shown = clip(taken, start, size)
    for (const { first, end } of without(without(shown, check.absent), check.others)) {
      findings.add({ kind: 'inserted', log, index: first, end, detail: 'pruned' })
    }
  }
}

function endOf(ranges: Iterable<Range>): number {
  let last = 0
  for (const { end } of ranges) last = end
  return last
}

function* clip(ranges: Iterable<Range>, start: number, end: number): Generator<Range> {
  for (const range of ranges) {
    const clipped = { first: Math.max(range.first, start), end: Math.min(range.end, end) }
    if (clipped.first < clipped.end) yield clipped
  }
}

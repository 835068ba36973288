import type pg from 'pg'
import type { Leaf } from '../transparency/entry.ts'
import { leafHash } from '../transparency/hash.ts'
import { callTime, readRecord } from '../transparency/record.ts'
import type { Range } from '../transparency/verify/ranges.ts'
import { entriesOfLog } from './entries/log.ts'
import type { Queryable } from './entries/tables.ts'
import { atOneMoment } from './snapshot.ts'

/** Leaves of a log whose rows go: from `firstIndex` on, and before `endIndex`. */
export type PrunedRange = { prunedLogId: string; firstIndex: number; endIndex: number; olderThan: Date }

/** What is due of some leaves: how many calls, where they stand, and whether the next one is young enough to stay. */
type Due = { rows: number; first: number; end: number; stays: boolean }

/** A log is not as it was written: a pruning of it would be a signature under what somebody did to it. */
export class NotAsWrittenError extends Error {
  override readonly name = 'NotAsWrittenError'

  constructor(log: string, leaf: number, what: string) {
    super(
      `Log ${log} is not as it was written: leaf ${leaf} ${what}. Its records from there on stay. Run "npm run audit -- verify".`,
    )
  }
}

/**
 * Leaves that one pruning is about, so that rows which are on record and not gone yet are few, and that are read in one
 * transaction, for which the clients of the embedded database wait.
 */
const usualSizes = { range: 50_000, piece: 5_000 }

/**
 * The ranges of a log that are due, oldest first, among leaves that no pruning took yet. Every leaf up to the first
 * that stays has to have its record: a column could be edited to look old, and a record be removed before a pruning
 * takes the blame. Throws a `NotAsWrittenError` before it gives the range in which one has not.
 */
export async function* dueRanges(
  pool: pg.Pool,
  logId: string,
  leaves: Iterable<Range>,
  olderThan: Date,
  sizes = usualSizes,
): AsyncGenerator<{ range: PrunedRange; rows: number }> {
  const cutoff = olderThan.toISOString()
  for (const whole of leaves) {
    for (const part of partsOf(whole, sizes.range)) {
      const due: Due = { rows: 0, first: part.first, end: part.first, stays: false }
      for (const piece of partsOf(part, sizes.piece)) {
        if (!due.stays) await atOneMoment(pool, database => addPiece(due, database, logId, piece, cutoff))
      }
      const range = { prunedLogId: logId, firstIndex: due.first, endIndex: due.end, olderThan }
      if (due.rows > 0) yield { range, rows: due.rows }
      if (due.stays) return
    }
  }
}

function* partsOf({ first, end }: Range, size: number): Generator<Range> {
  for (let from = first; from < end; from += size) yield { first: from, end: Math.min(from + size, end) }
}

async function addPiece(due: Due, database: Queryable, log: string, { first, end }: Range, cutoff: string) {
  const start = { log, size: first, frontier: [], note: null }
  let next = first
  for await (const part of entriesOfLog(database, { start, end, isWhole: false, since: null })) {
    if ('stray' in part) throw new NotAsWrittenError(log, part.stray.index ?? next, 'is not that of a row there')
    if (!('entry' in part)) continue
    const { index } = part.entry
    if (index !== next) throw new NotAsWrittenError(log, next, 'is missing')
    next++
    const text = textOf(part.entry)
    // A pruning: it is never deleted, and may lie within the range of another.
    if (!text.startsWith(callStart)) continue
    const time = callTime(text)
    if (time === null || time >= cutoff) {
      due.stays = true
      return
    }
    if (due.rows++ === 0) due.first = index
    due.end = next
  }
  if (next < end) throw new NotAsWrittenError(log, next, 'is missing')
}

const callStart = '{"decision":'

/** The record of a leaf. Throws if it is gone, or is not what the leaf was made of. */
function textOf({ log, index, leaf, record }: Leaf): string {
  if (typeof record !== 'string')
    throw new NotAsWrittenError(log, index, 'has no record, and no signed pruning took it')
  // Nearly all are written as leaves are: they need not be parsed.
  if (!leafHash(record).equals(leaf) && readRecord({ record }).hash?.equals(leaf) !== true)
    throw new NotAsWrittenError(log, index, 'has a record that was edited')
  return record
}

import type { Entry, Start } from '../../transparency/entry.ts'
import { HASH_BYTES } from '../../transparency/hash.ts'
import { entriesOfLog, strays } from './log.ts'
import {
  checkpointAbove,
  checkpointBelow,
  holdsPrunings,
  leafNear,
  logIds,
  type Queryable,
  sizeOf,
  verifierKeys,
} from './tables.ts'

export type Reading = {
  /** Each log starts at the last checkpoint before its first decision from then on. */
  since?: Date
  /** Each log ends at the first checkpoint after its last decision before then, or at its end. */
  until?: Date
}

/**
 * What a verifier reads, from the tables as they are: of each log its leaves with their records, its checkpoints, and
 * rows that have no leaf. Holds some pages of rows, however many there are. What is written meanwhile is left out; what
 * retention deletes meanwhile would seem to be missing, unless `database` is a transaction that sees one moment. A log
 * that holds prunings is read whole: what they took is gone from the others, whenever that was.
 */
export async function* readEntries(database: Queryable, { since, until }: Reading = {}): AsyncGenerator<Entry> {
  for (const key of await verifierKeys(database)) yield { key }
  for (const log of await logIds(database)) {
    const isCut = !(await holdsPrunings(database, log))
    const size = await sizeOf(database, log)
    const start = await startOf(database, log, isCut ? since : undefined, size)
    const end = await endOf(database, log, isCut ? until : undefined, size)
    yield* entriesOfLog(database, { start, end, isWhole: end === size, since: since ?? null })
  }
  yield* strays(database, null, since ?? null)
}

/** The times of checkpoints are in no leaf, and those of decisions are. */
async function startOf(database: Queryable, log: string, since: Date | undefined, logSize: number): Promise<Start> {
  const first = since && (await leafNear(database, log, since, 'first'))
  const checkpoint = since && (await checkpointBelow(database, log, first ?? logSize))
  if (!checkpoint) return { log, size: 0, frontier: [], note: null }
  const [size, note, hex] = checkpoint
  const bytes = Buffer.from(hex.slice(2), 'hex')
  const frontier = Array.from({ length: Math.ceil(bytes.length / HASH_BYTES) }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
  return { log, size: Number(size), frontier, note }
}

async function endOf(database: Queryable, log: string, until: Date | undefined, logSize: number): Promise<number> {
  if (until === undefined) return logSize
  const last = await leafNear(database, log, until, 'last')
  const checkpoint = await checkpointAbove(database, log, last ?? -1)
  return checkpoint === null ? logSize : Number(checkpoint[0])
}

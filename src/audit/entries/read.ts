import type { Entry, Start } from '../../transparency/entry.ts'
import { HASH_BYTES } from '../../transparency/hash.ts'
import { entriesOfLog, strays } from './log.ts'
import { checkpointNear, holdsPrunings, logIds, type Queryable, sizeOf, verifierKeys } from './tables.ts'

export type Reading = {
  /** Each log starts at the last checkpoint that was made by then. */
  since?: Date
  /**
   * Each log ends at the first checkpoint that was made from then on, or at its end. One that holds prunings always ends at its
   * end: what they took is gone from the others, whenever that was.
   */
  until?: Date
}

/**
 * What a verifier reads, from the tables as they are: of each log its leaves with their records, its checkpoints, and
 * rows that have no leaf. Holds some pages of rows, however many there are. What is written meanwhile is left out; what
 * retention deletes meanwhile would seem to be missing, unless `database` is a transaction that sees one moment.
 */
export async function* readEntries(database: Queryable, { since, until }: Reading = {}): AsyncGenerator<Entry> {
  for (const key of await verifierKeys(database)) yield { key }
  for (const log of await logIds(database)) {
    const start = await startOf(database, log, since)
    const isCut = until !== undefined && !(await holdsPrunings(database, log))
    const last = isCut && (await checkpointNear(database, log, until, 'first'))
    const end = last ? Number(last[0]) : await sizeOf(database, log)
    yield* entriesOfLog(database, { start, end, isWhole: !last, since: since ?? null })
  }
  yield* strays(database, null, since ?? null)
}

async function startOf(database: Queryable, log: string, since: Date | undefined): Promise<Start> {
  const checkpoint = since && (await checkpointNear(database, log, since, 'last'))
  if (!checkpoint) return { log, size: 0, frontier: [], note: null }
  const [size, note, hex] = checkpoint
  const bytes = Buffer.from(hex.slice(2), 'hex')
  const frontier = Array.from({ length: Math.ceil(bytes.length / HASH_BYTES) }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
  return { log, size: Number(size), frontier, note }
}

import type { Entry, Start } from '../../transparency/entry.ts'
import { HASH_BYTES } from '../../transparency/hash.ts'
import { isIndex, readRecord } from '../../transparency/record.ts'
import { type Rows, rowsOf } from './pages.ts'
import { type RecordTable, recordTables, recordText } from './record.ts'
import {
  type CheckpointRow,
  checkpointPages,
  leafPages,
  type PlacelessRow,
  placelessPages,
  type Queryable,
  type RecordRow,
  recordPages,
} from './tables.ts'

type Span = {
  start: Start
  /** After the last leaf that is read. */
  end: number
  /** Whether that is the end of the log, so that what stands after it stands nowhere. */
  isWhole: boolean
  /** Rows without a place are of interest from here on. */
  since: Date | null
}

/** The entries of a log, in order: three streams of rows, merged by where they stand. Holds a page of each. */
export async function* entriesOfLog(database: Queryable, { start, end, isWhole, since }: Span): AsyncGenerator<Entry> {
  const { log, size } = start
  const tables = recordTables.map(table => ({ table, rows: rowsOf(recordPages(database, table, log, size, end)) }))
  const checkpoints = rowsOf(checkpointPages(database, log, size, end))
  // Size of the next checkpoint: asked for here, as a generator for each leaf would cost what the leaf does.
  let signedSize = await nextSize(checkpoints)
  yield { start }

  for await (const page of leafPages(database, log, size)) {
    for (const [first, hashes] of page) {
      const bytes = Buffer.from(hashes.slice(2), 'hex')
      const skipped = Math.max(0, size - Number(first))
      for (let at = skipped * HASH_BYTES; at + HASH_BYTES <= bytes.length; at += HASH_BYTES) {
        const index = Number(first) + at / HASH_BYTES
        if (index >= end) break
        if (index >= signedSize) {
          yield* signedUpTo(checkpoints, log, index)
          signedSize = await nextSize(checkpoints)
        }
        const leaf = bytes.subarray(at, at + HASH_BYTES)
        const here: Placed[] = []
        for (const { table, rows } of tables) {
          while (rows.isAtHand || (await rows.more())) {
            const row = rows.peek()
            if (row === undefined || Number(row[0]) > index) break
            rows.take()
            if (Number(row[0]) === index) here.push({ table, row })
            else yield strayOf([row[1], log, row[0]])
          }
        }
        const [found, ...others] = here.length < 2 ? here : fittingFirst(here, leaf)
        for (const { row } of others) yield strayOf([row[1], log, row[0]])
        yield found === undefined
          ? { entry: { log, index, leaf } }
          : { entry: { log, index, leaf, record: recordText(found.table, found.row) } }
      }
    }
  }
  yield* signedUpTo(checkpoints, log, end)

  // Leaves that are missing leave their rows.
  for (const { rows } of tables) {
    while (rows.isAtHand || (await rows.more())) {
      const row = rows.peek()
      if (row !== undefined) yield strayOf([row[1], log, row[0]])
      rows.take()
    }
  }
  if (!isWhole) return
  for await (const page of checkpointPages(database, log, size, null)) {
    for (const [, note] of page) yield { checkpoint: { log, note } }
  }
  yield* strays(database, log, since)
}

/** Rows of a log that stand nowhere or after its leaves; without a log, those that have none. */
export async function* strays(database: Queryable, log: string | null, since: Date | null): AsyncGenerator<Entry> {
  for (const table of recordTables) {
    for await (const page of placelessPages(database, table, log, since)) yield* page.map(strayOf)
  }
}

/** Checkpoints of `size` leaves and fewer. */
async function* signedUpTo(checkpoints: Rows<CheckpointRow>, log: string, size: number): AsyncGenerator<Entry> {
  while (checkpoints.isAtHand || (await checkpoints.more())) {
    const checkpoint = checkpoints.peek()
    if (checkpoint === undefined || Number(checkpoint[0]) > size) return
    checkpoints.take()
    yield { checkpoint: { log, note: checkpoint[1] } }
  }
}

async function nextSize(checkpoints: Rows<CheckpointRow>): Promise<number> {
  return (await checkpoints.more()) ? Number(checkpoints.peek()?.[0]) : Number.POSITIVE_INFINITY
}

type Placed = { table: RecordTable; row: RecordRow }

/** Of several rows for one place, the one that the leaf was made of comes first, if it is among them. */
function fittingFirst(rows: readonly Placed[], leaf: Buffer): Placed[] {
  const fitting = rows.find(({ table, row }) => readRecord({ record: recordText(table, row) }).hash?.equals(leaf))
  return fitting === undefined ? [...rows] : [fitting, ...rows.filter(row => row !== fitting)]
}

function strayOf([id, log, place]: PlacelessRow): Entry {
  const index = Number(place)
  return { stray: { id, log, index: place !== null && isIndex(index) ? index : null } }
}

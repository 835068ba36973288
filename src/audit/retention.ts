import type pg from 'pg'
import type { VerifierKey } from '../transparency/keys.ts'
import { prunedRanges, signedPrunings } from '../transparency/verify/prunings.ts'
import { type Range, type Ranges, without } from '../transparency/verify/ranges.ts'
import { dueRanges, NotAsWrittenError, type PrunedRange } from './due.ts'
import { entriesOfLog } from './entries/log.ts'
import { logIds, type Queryable, sizeOf } from './entries/tables.ts'
import { atOneMoment } from './snapshot.ts'

type Pruning = {
  olderThan: Date
  /** Rows that go in one transaction, at most. */
  batch: number
  /** Puts a pruning on record. Rows of its range go once this has resolved. */
  record: (range: PrunedRange) => Promise<void>
}

export type Retention = ReturnType<typeof createRetention>

/** Any number that nothing else in the database uses. */
const advisoryLock = 4_213_770_022

/** Without the setting the trigger refuses. It ends with the statement, which is a transaction of its own. */
const opening = `WITH retention AS MATERIALIZED (SELECT set_config('governance.retention', 'on', true))`

/**
 * Deletes records by age. Of a log its oldest leaves go, up to the first whose record is young enough to stay, so that
 * what is left is always the end of it. Of one that is not as it was written nothing goes from there on: then it
 * throws, once it is done with the others. `keys` are those by which prunings that are on record count. Needs the role
 * governance_retention, or that of the tables' owner.
 */
export function createRetention(pool: pg.Pool, keys: readonly VerifierKey[]) {
  return {
    /** How many rows `prune` would delete. Throws where it would. */
    async count(olderThan: Date): Promise<number> {
      const unlogged = await countRows(pool, 'log_id IS NULL AND created_at < $1', [olderThan])
      return unlogged + (await forEachLog(pool, keys, log => countOf(pool, log, olderThan)))
    },

    /**
     * Deletes what is due, and returns how many rows went. What an earlier one put on record and did not get to goes
     * first, so that no leaf is in two prunings. Throws if another one is at work.
     */
    async prune(pruning: Pruning): Promise<number> {
      const client = await pool.connect()
      try {
        const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
          advisoryLock,
        ])
        if (rows[0]?.mine !== true) throw new Error('Another clean-up is at work.')
        try {
          const unlogged = await deleteUnlogged(client, pruning)
          return unlogged + (await forEachLog(pool, keys, log => pruneOf(pool, client, log, pruning)))
        } finally {
          await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock])
        }
      } finally {
        client.release()
      }
    },
  }
}

/** A log, the leaves that prunings took of it, and those that none did. */
type PrunedLog = { logId: string; taken: Iterable<Range>; left: Iterable<Range> }

/**
 * Works on each log, and returns the sum of the rows. One that is not as it was written does not hold up the others.
 */
async function forEachLog(
  pool: pg.Pool,
  keys: readonly VerifierKey[],
  work: (log: PrunedLog) => AsyncGenerator<number>,
): Promise<number> {
  const pruned = await prunedLeaves(pool, keys)
  const refused: NotAsWrittenError[] = []
  let sum = 0
  for (const logId of await logIds(pool, ['usage_log'])) {
    const taken = pruned.get(logId) ?? []
    const all = { first: 0, end: await sizeOf(pool, logId) }
    try {
      for await (const rows of work({ logId, taken, left: without([all], taken) })) sum += rows
    } catch (error) {
      if (!(error instanceof NotAsWrittenError)) throw error
      refused.push(error)
    }
  }
  if (refused.length > 0) throw new AggregateError(refused, refused.map(({ message }) => message).join('\n'))
  return sum
}

/** Whoever may add a row could add a pruning: only those count that their log holds, under a signature of ours. */
async function prunedLeaves(pool: pg.Pool, keys: readonly VerifierKey[]): Promise<Map<string, Ranges>> {
  const prunings = []
  for (const log of await logIds(pool, ['audit_pruning'])) {
    const start = { log, size: 0, frontier: [], note: null }
    const signed = await atOneMoment(pool, async database => {
      const span = { start, end: await sizeOf(database, log), isWhole: false, since: null }
      return signedPrunings(log, entriesOfLog(database, span), keys)
    })
    prunings.push(...signed)
  }
  return prunedRanges(prunings)
}

async function* countOf(pool: pg.Pool, { logId, taken, left }: PrunedLog, olderThan: Date): AsyncGenerator<number> {
  for (const { first, end } of taken)
    yield await countRows(pool, 'log_id = $1 AND leaf_index >= $2 AND leaf_index < $3', [logId, first, end])
  for await (const { rows } of dueRanges(pool, logId, left, olderThan)) yield rows
}

async function countRows(database: Queryable, where: string, values: unknown[]): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*)::float8 AS count FROM usage_log WHERE ${where}`,
    values,
  )
  return rows[0]?.count ?? 0
}

async function* pruneOf(
  pool: pg.Pool,
  database: Queryable,
  { logId, taken, left }: PrunedLog,
  { olderThan, batch, record }: Pruning,
): AsyncGenerator<number> {
  for (const { first, end } of taken) {
    yield await deleteRange(database, { prunedLogId: logId, firstIndex: first, endIndex: end, olderThan }, batch)
  }
  for await (const { range } of dueRanges(pool, logId, left, olderThan)) {
    await record(range)
    yield await deleteRange(database, range, batch)
  }
}

async function deleteRange(
  database: Queryable,
  { prunedLogId, firstIndex, endIndex }: PrunedRange,
  batch: number,
): Promise<number> {
  let deleted = 0
  let from = await nextIndex(database, prunedLogId, firstIndex)
  while (from !== null && from < endIndex) {
    const end = Math.min(from + batch, endIndex)
    const { rowCount } = await database.query(
      `${opening} DELETE FROM usage_log USING retention WHERE log_id = $1 AND leaf_index >= $2 AND leaf_index < $3`,
      [prunedLogId, from, end],
    )
    deleted += rowCount ?? 0
    from = await nextIndex(database, prunedLogId, end)
  }
  return deleted
}

/** The first row of a log from an index on. */
async function nextIndex(database: Queryable, logId: string, from: number): Promise<number | null> {
  const { rows } = await database.query<{ index: number | null }>(
    'SELECT min(leaf_index)::float8 AS index FROM usage_log WHERE log_id = $1 AND leaf_index >= $2',
    [logId, from],
  )
  return rows[0]?.index ?? null
}

/** Rows from before there were logs: nothing proves them, and nothing has to be said. */
async function deleteUnlogged(database: Queryable, { olderThan, batch }: Pruning): Promise<number> {
  for (let deleted = 0; ; ) {
    const { rowCount } = await database.query(
      `${opening} DELETE FROM usage_log USING retention WHERE id IN (
        SELECT id FROM usage_log WHERE log_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2
      )`,
      [olderThan, batch],
    )
    if (!rowCount) return deleted
    deleted += rowCount
  }
}

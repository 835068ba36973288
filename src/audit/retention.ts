import type pg from 'pg'
import { logIds, type Queryable } from './entries/tables.ts'

/** Leaves of a log whose rows go: from `firstIndex` on, and before `endIndex`. */
export type PrunedRange = { prunedLogId: string; firstIndex: number; endIndex: number; olderThan: Date }

type Pruning = {
  olderThan: Date
  /** Rows that go in one transaction, at most. */
  batch: number
  /** Puts a pruning on record. Rows of its range go once this has resolved. */
  record: (range: PrunedRange) => Promise<void>
}

type Step = { old: number; first: string | null; last: string | null }

export type Retention = ReturnType<typeof createRetention>

/** Rows that one pruning is about, so that those which are on record and not gone yet are few. */
const rangeRows = 50_000
/** Any number that nothing else in the database uses. */
const advisoryLock = 4_213_770_022

/** Without the setting the trigger refuses. It ends with the statement, which is a transaction of its own. */
const opening = `WITH retention AS MATERIALIZED (SELECT set_config('governance.retention', 'on', true))`

/**
 * Deletes records by age. Of a log its oldest leaves go, up to the first whose record is young enough to stay, so that
 * what is left is always the end of it. Needs the role governance_retention, or that of the tables' owner.
 */
export function createRetention(pool: Pick<pg.Pool, 'query' | 'connect'>) {
  return {
    /** How many rows `prune` would delete. */
    async count(olderThan: Date): Promise<number> {
      const unlogged = await pool.query<{ rows: number }>(
        'SELECT count(*)::int AS rows FROM usage_log WHERE log_id IS NULL AND created_at < $1',
        [olderThan],
      )
      let count = unlogged.rows[0]?.rows ?? 0
      for (const logId of await logIds(pool, ['usage_log']))
        for await (const { rows } of dueRanges(pool, logId, 0, olderThan)) count += rows
      return count
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
          return await pruneAll(client, pruning)
        } finally {
          await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock])
        }
      } finally {
        client.release()
      }
    },
  }
}

async function pruneAll(database: Queryable, { olderThan, batch, record }: Pruning): Promise<number> {
  let deleted = 0
  for (const logId of await logIds(database, ['usage_log'])) {
    const recorded = await recordedEnd(database, logId)
    deleted += await deleteRange(database, { prunedLogId: logId, firstIndex: 0, endIndex: recorded, olderThan }, batch)
    for await (const { range } of dueRanges(database, logId, recorded, olderThan)) {
      await record(range)
      deleted += await deleteRange(database, range, batch)
    }
  }
  return deleted + (await deleteUnlogged(database, olderThan, batch))
}

/** Where the prunings of a log end that a checkpoint covers. Those that none does do not count. */
async function recordedEnd(database: Queryable, prunedLogId: string): Promise<number> {
  const { rows } = await database.query<{ end: number | null }>(
    `SELECT max(end_index)::float8 AS end FROM audit_pruning AS pruning WHERE pruned_log_id = $1 AND EXISTS (
      SELECT FROM audit_checkpoint AS signed WHERE signed.log_id = pruning.log_id AND signed.size > pruning.leaf_index
    )`,
    [prunedLogId],
  )
  return rows[0]?.end ?? 0
}

/** The ranges of a log that are due from an index on, oldest first, and how many rows each has. */
async function* dueRanges(
  database: Queryable,
  prunedLogId: string,
  start: number,
  olderThan: Date,
): AsyncGenerator<{ range: PrunedRange; rows: number }> {
  for (let from = start; ; ) {
    const { rows: found } = await database.query<Step>(stepping, [prunedLogId, from, olderThan, rangeRows])
    const { old, first, last } = found[0] ?? { old: 0, first: null, last: null }
    if (first === null || last === null) return
    from = Number(last) + 1
    yield { range: { prunedLogId, firstIndex: Number(first), endIndex: from, olderThan }, rows: old }
    if (old < rangeRows) return
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
async function deleteUnlogged(database: Queryable, olderThan: Date, batch: number): Promise<number> {
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

/** From an index on, the rows before the first that stays, and where they stand. */
const stepping = `
  SELECT count(*)::int AS old, min(leaf_index) AS first, max(leaf_index) AS last
  FROM (
    SELECT leaf_index, bool_and(created_at < $3) OVER (ORDER BY leaf_index) AS goes
    FROM usage_log WHERE log_id = $1 AND leaf_index >= $2 ORDER BY leaf_index LIMIT $4
  ) AS step
  WHERE goes`

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
/** Any number that nothing else in the database uses: cleaners go one after another, so that none deadlocks. */
const advisoryLock = 4_213_770_022

/**
 * What opens a statement that deletes: the setting, without which the trigger refuses, and the cleaners' lock. Both end
 * with the statement, which is a transaction of its own: writers never wait for more than that, nor for its rows.
 */
const opening = `
  WITH retention AS MATERIALIZED (
    SELECT set_config('governance.retention', 'on', true), pg_advisory_xact_lock(${advisoryLock})
  )`

/**
 * Deletes records by age. Of a log its oldest leaves go, up to the first whose record is young enough to stay, so that
 * what is left is always the end of it. Needs the role governance_retention, or that of the tables' owner.
 */
export function createRetention(pool: Queryable) {
  /** The ranges of a log that are due, oldest first, and how many rows each has. */
  async function* due(prunedLogId: string, olderThan: Date): AsyncGenerator<{ range: PrunedRange; rows: number }> {
    for (let from = 0; ; ) {
      const { rows: found } = await pool.query<Step>(stepping, [prunedLogId, from, olderThan, rangeRows])
      const { old, first, last } = found[0] ?? { old: 0, first: null, last: null }
      if (first === null || last === null) return
      from = Number(last) + 1
      yield { range: { prunedLogId, firstIndex: Number(first), endIndex: from, olderThan }, rows: old }
      if (old < rangeRows) return
    }
  }

  async function deleteRange({ prunedLogId, firstIndex, endIndex }: PrunedRange, batch: number): Promise<number> {
    let deleted = 0
    for (let from = firstIndex; from < endIndex; from += batch) {
      const { rowCount } = await pool.query(
        `${opening} DELETE FROM usage_log USING retention WHERE log_id = $1 AND leaf_index >= $2 AND leaf_index < $3`,
        [prunedLogId, from, Math.min(from + batch, endIndex)],
      )
      deleted += rowCount ?? 0
    }
    return deleted
  }

  /** Rows from before there were logs: nothing proves them, and nothing has to be said. */
  async function deleteUnlogged(olderThan: Date, batch: number): Promise<number> {
    for (let deleted = 0; ; ) {
      const { rowCount } = await pool.query(
        `${opening} DELETE FROM usage_log USING retention WHERE id IN (
          SELECT id FROM usage_log WHERE log_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2
        )`,
        [olderThan, batch],
      )
      if (!rowCount) return deleted
      deleted += rowCount
    }
  }

  return {
    /** How many rows `prune` would delete. */
    async count(olderThan: Date): Promise<number> {
      const unlogged = await pool.query<{ rows: number }>(
        'SELECT count(*)::int AS rows FROM usage_log WHERE log_id IS NULL AND created_at < $1',
        [olderThan],
      )
      let count = unlogged.rows[0]?.rows ?? 0
      for (const logId of await logIds(pool, ['usage_log']))
        for await (const { rows } of due(logId, olderThan)) count += rows
      return count
    },

    /**
     * Deletes what is due, and returns how many rows went. Whatever is interrupted is done by the next one, under a
     * record of its own; so is what several do at once.
     */
    async prune({ olderThan, batch, record }: Pruning): Promise<number> {
      let deleted = 0
      for (const logId of await logIds(pool, ['usage_log'])) {
        for await (const { range } of due(logId, olderThan)) {
          await record(range)
          deleted += await deleteRange(range, batch)
        }
      }
      return deleted + (await deleteUnlogged(olderThan, batch))
    },
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

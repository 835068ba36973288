import pg from 'pg'
import type { Database } from '../../database/client.ts'
import { openPool } from '../../database/pool.ts'
import { atOneMoment } from '../snapshot.ts'
import { columns, columnsOf } from './columns.ts'
import { type KeptOf, type OnRecord, onRecord } from './on-record.ts'

/** A record that became a leaf: its id, and its parts as canonical JSON. */
export type Settled = { id: string; decision: string; outcome: string }

/**
 * What retention is about to delete: the rows of leaves `first_index` to `end_index - 1`. Times are ISO 8601 in UTC.
 */
export type PruningRecord = {
  id: string
  pruned_log_id: string
  first_index: number
  end_index: number
  older_than: string
  at: string
}

export type StoredCheckpoint = { size: number; note: string; frontier: Buffer }

/** A log's place in the database: its last checkpoint, and the leaves and rows after it. */
export type StoredLog = {
  checkpoint: StoredCheckpoint | null
  /** Runs of hashes, one batch each, in order. */
  leaves: { first: number; hashes: Buffer }[]
  rows: { id: string; index: number }[]
}

export type LedgerStore = ReturnType<typeof createLedgerStore>

/** Rows and their leaf hashes in one statement, so that there is never one without the other. */
const insertion = `
  WITH leaves AS (INSERT INTO audit_leaf (log_id, first_index, hashes) VALUES ($1::uuid, $2::bigint, $3))
  INSERT INTO usage_log (log_id, leaf_index, ${columns.map(({ name }) => name)})
  SELECT $1::uuid, generate_series($2::bigint, $2::bigint + $4 - 1),
    ${columns.map(({ type }, at) => `unnest(string_to_array($${at + 5}, E'\n', ''))::${type}`)}`

/** The store on connections of its own, for a thread of its own. */
export function openLedgerStore(url: string) {
  const pool = openPool(url, 2)
  return { store: createLedgerStore(pool), close: () => pool.end() }
}

const pruningInsertion = `
  WITH leaves AS (INSERT INTO audit_leaf (log_id, first_index, hashes) VALUES ($1::uuid, $2::bigint, $3))
  INSERT INTO audit_pruning
    (log_id, leaf_index, id, pruned_log_id, first_index, end_index, older_than, created_at)
  VALUES ($1, $2, $4, $5, $6, $7, $8, $9)`

const lastCheckpoint = `
  SELECT size::float8, note, frontier FROM audit_checkpoint
  WHERE log_id = $1 ORDER BY audit_checkpoint.size DESC LIMIT 1`
const leavesFrom = `
  SELECT first_index::float8 AS first, hashes FROM audit_leaf
  WHERE log_id = $1 AND first_index >= $2 ORDER BY first_index`
const rowsFrom = `
  SELECT id, leaf_index::float8 AS index FROM usage_log WHERE log_id = $1 AND leaf_index >= $2
  UNION ALL SELECT id, leaf_index::float8 FROM audit_pruning WHERE log_id = $1 AND leaf_index >= $2`

/** A log in the database: its records, leaves and checkpoints. Only ever adds. */
export function createLedgerStore(pool: Database['pool']) {
  return {
    /** Adds records as the leaves from `first` on. All of them, or none: then it throws. */
    async append(log: string, first: number, hashes: Buffer, records: readonly Settled[]): Promise<void> {
      await pool.query(insertion, [log, first, hashes, records.length, ...columnsOf(records)])
    },

    /** Adds a pruning as the leaf `index`, likewise. */
    async appendPruning(log: string, index: number, hash: Buffer, pruning: PruningRecord): Promise<void> {
      const { id, pruned_log_id, first_index, end_index, older_than, at } = pruning
      const values = [id, pruned_log_id, first_index, end_index, older_than, at]
      await pool.query(pruningInsertion, [log, index, hash, ...values])
    },

    /** What there is under some ids, in whatever log; see `onRecord`. */
    known: async (ids: readonly string[], keptOf: KeptOf): Promise<Map<string, OnRecord>> =>
      ids.length === 0 ? new Map() : atOneMoment(pool, database => onRecord(database, ids, keptOf)),

    /** At one moment: a statement that was given up for lost may still be carried out. */
    load: (log: string): Promise<StoredLog> =>
      atOneMoment(pool, async database => {
        const { rows: checkpoints } = await database.query<StoredCheckpoint>(lastCheckpoint, [log])
        const checkpoint = checkpoints[0] ?? null
        const from = [log, checkpoint?.size ?? 0]
        const { rows: leaves } = await database.query<StoredLog['leaves'][number]>(leavesFrom, from)
        const { rows } = await database.query<StoredLog['rows'][number]>(rowsFrom, from)
        return { checkpoint, leaves, rows }
      }),

    /** Notes a checkpoint. One that is there is left as it is, so it can be sent again. */
    async addCheckpoint(log: string, { size, note, frontier }: StoredCheckpoint): Promise<void> {
      await pool.query(
        'INSERT INTO audit_checkpoint (log_id, size, note, frontier) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [log, size, note, frontier],
      )
    },

    /** Notes a public key that signs from now on. */
    async addKey(verifierKey: string): Promise<void> {
      await pool.query('INSERT INTO audit_key (verifier_key) VALUES ($1) ON CONFLICT DO NOTHING', [verifierKey])
    },
  }
}

/**
 * Data that cannot be stored (SQLSTATE classes 22 and 23), as opposed to a database that is away. What is there already
 * (23505) is no fault of the record: the batch was sent before, or somebody else put something there.
 */
export function isRefusal(error: unknown): boolean {
  const state = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
  return /^2[23]/.test(state) && state !== '23505'
}

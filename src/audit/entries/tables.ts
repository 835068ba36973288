import type pg from 'pg'
import { pagesOf } from './pages.ts'
import { type RecordTable, selections } from './record.ts'

export type Queryable = Pick<pg.Pool, 'query'>

/** Values as PostgreSQL wrote them: what is made of them is decided here and not by the driver, at half the cost. */
const asWritten = { getTypeParser: () => (text: unknown) => text }

async function read<Row extends unknown[]>(database: Queryable, text: string, values: unknown[]): Promise<Row[]> {
  return (await database.query<Row>({ text, values, rowMode: 'array', types: asWritten as pg.CustomTypesConfig })).rows
}

/** Where a row stands, and the values of its record; see `recordText`. */
export type RecordRow = [index: string, id: string, ...values: (string | null)[]]
export type LeafRow = [firstIndex: string, hashes: string]
export type CheckpointRow = [size: string, note: string, frontier: string]
/** A row that has no place, or not a whole one. */
export type PlacelessRow = [id: string, log: string | null, index: string | null]

const lowestId = '00000000-0000-0000-0000-000000000000'
const lowestIndex = '-9223372036854775808'

/** Rows of a log from an index on, and before another, in order. Those for one place come one after another. */
export function recordPages(database: Queryable, table: RecordTable, log: string, from: number, end: number) {
  const size = 200
  const first = [from === 0 ? lowestIndex : from, lowestId]
  return pagesOf<RecordRow>(
    after =>
      read(
        database,
        `SELECT leaf_index, id AS row_id, ${selections[table]} FROM ${table}
        WHERE log_id = $1 AND (leaf_index, id) ${after === null ? '>=' : '>'} ($2, $3::uuid) AND leaf_index < $4
        ORDER BY leaf_index, id LIMIT ${size}`,
        [log, ...(after?.slice(0, 2) ?? first), end],
      ),
    size,
  )
}

/** The rows of calls by their ids, each with the leaf that it stands for. */
export async function rowsOfIds(database: Queryable, ids: readonly string[]) {
  const rows = await read<[log: string | null, index: string | null, id: string, ...(string | null)[]]>(
    database,
    `SELECT log_id, leaf_index, id AS row_id, ${selections.usage_log} FROM usage_log WHERE id = ANY($1::uuid[])`,
    [ids],
  )
  return rows.map(([log, index, id, ...values]) => ({
    id,
    place: log === null || index === null ? null : { log, index: Number(index) },
    row: [index ?? '', id, ...values] satisfies RecordRow,
  }))
}

/** Where the leaves of the log $1 end, as of the statement that it stands in. */
const leavesEnd = `coalesce((
  SELECT first_index + octet_length(hashes) / 32 FROM audit_leaf WHERE log_id = $1 ORDER BY first_index DESC LIMIT 1
), 0)`

/** Number of leaves of a log: a row comes in one statement with its leaf, so no row up to there is on its way. */
export async function sizeOf(database: Queryable, log: string): Promise<number> {
  const [[size] = ['0']] = await read<[string]>(database, `SELECT ${leavesEnd}`, [log])
  return Number(size)
}

/** Runs of leaf hashes, from the one that holds an index on. */
export function leafPages(database: Queryable, log: string, from: number): AsyncGenerator<LeafRow[]> {
  const size = 20
  return pagesOf<LeafRow>(
    after =>
      read(
        database,
        `SELECT first_index, hashes FROM audit_leaf WHERE log_id = $1 AND ${
          after === null
            ? 'first_index >= coalesce((SELECT max(first_index) FROM audit_leaf WHERE log_id = $1 AND first_index <= $2), 0)'
            : 'first_index > $2'
        } ORDER BY first_index LIMIT ${size}`,
        [log, after?.[0] ?? from],
      ),
    size,
  )
}

/** Checkpoints of more leaves than `above`, and of no more than `most`, or than those that there are not. */
export function checkpointPages(database: Queryable, log: string, above: number, most: number | null) {
  const size = 500
  return pagesOf<CheckpointRow>(
    after =>
      read(
        database,
        `SELECT size, note, frontier FROM audit_checkpoint
        WHERE log_id = $1 AND size > $2 AND ${most === null ? `size > ${leavesEnd}` : 'size <= $3'} ORDER BY size LIMIT ${size}`,
        [log, after?.[0] ?? (above === 0 ? lowestIndex : above), ...(most === null ? [] : [most])],
      ),
    size,
  )
}

/** Rows of a log that stand nowhere, or after its leaves; without a log, those that have none. */
export function placelessPages(database: Queryable, table: RecordTable, log: string | null, since: Date | null) {
  const size = 5_000
  const where =
    log === null
      ? '$1::uuid IS NULL AND log_id IS NULL'
      : `log_id = $1 AND (leaf_index IS NULL OR leaf_index >= ${leavesEnd})`
  return pagesOf<PlacelessRow>(
    after =>
      read(
        database,
        `SELECT id, log_id, leaf_index FROM ${table}
        WHERE ${where} AND id ${after === null ? '>=' : '>'} $2 AND ($3::timestamptz IS NULL OR created_at >= $3)
        ORDER BY id LIMIT ${size}`,
        [log, after?.[0] ?? lowestId, since],
      ),
    size,
  )
}

/** The first leaf of a log with a decision from a moment on, or the last with one before it. */
export async function leafNear(database: Queryable, log: string, moment: Date, which: 'first' | 'last') {
  const [row] = await read<[string]>(
    database,
    `SELECT leaf_index FROM usage_log WHERE log_id = $1
    AND ${which === 'first' ? 'created_at >= $2 ORDER BY leaf_index' : 'created_at < $2 ORDER BY leaf_index DESC'} LIMIT 1`,
    [log, moment],
  )
  return row === undefined ? null : Number(row[0])
}

/** The first checkpoint that covers a leaf. */
export async function checkpointAbove(database: Queryable, log: string, index: number): Promise<CheckpointRow | null> {
  const [row] = await read<CheckpointRow>(
    database,
    'SELECT size, note, frontier FROM audit_checkpoint WHERE log_id = $1 AND size > $2 ORDER BY size LIMIT 1',
    [log, index],
  )
  return row ?? null
}

/** The last checkpoint that does not cover a leaf. */
export async function checkpointBelow(database: Queryable, log: string, index: number): Promise<CheckpointRow | null> {
  const [row] = await read<CheckpointRow>(
    database,
    'SELECT size, note, frontier FROM audit_checkpoint WHERE log_id = $1 AND size <= $2 ORDER BY size DESC LIMIT 1',
    [log, index],
  )
  return row ?? null
}

export async function holdsPrunings(database: Queryable, log: string): Promise<boolean> {
  return (await read(database, 'SELECT 1 FROM audit_pruning WHERE log_id = $1 LIMIT 1', [log])).length > 0
}

/** Every public key that signed. */
export async function verifierKeys(database: Queryable): Promise<string[]> {
  return (
    await read<[string]>(database, 'SELECT verifier_key FROM audit_key ORDER BY created_at, verifier_key', [])
  ).flat()
}

const logTables = ['audit_leaf', 'audit_checkpoint', 'usage_log', 'audit_pruning']

/** Ids of all logs, by one look into an index for each: there are many rows of few logs. */
export async function logIds(database: Queryable, tables: readonly string[] = logTables): Promise<string[]> {
  const ids = new Set<string>()
  for (const table of tables) {
    const rows = await read<[string]>(
      database,
      `WITH RECURSIVE log(id) AS (
        (SELECT log_id FROM ${table} WHERE log_id IS NOT NULL ORDER BY log_id LIMIT 1)
        UNION ALL
        SELECT (SELECT log_id FROM ${table} WHERE log_id > log.id ORDER BY log_id LIMIT 1) FROM log WHERE id IS NOT NULL
      )
      SELECT id FROM log WHERE id IS NOT NULL`,
      [],
    )
    for (const [id] of rows) ids.add(id)
  }
  return [...ids]
}

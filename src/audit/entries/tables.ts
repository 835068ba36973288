import type pg from 'pg'
import { pagesOf } from './pages.ts'

export type Queryable = Pick<pg.Pool, 'query'>

/** Values as PostgreSQL wrote them: what is made of them is decided here and not by the driver, at half the cost. */
const asWritten = { getTypeParser: () => (text: unknown) => text }

async function read<Row extends unknown[]>(database: Queryable, text: string, values: unknown[]): Promise<Row[]> {
  return (await database.query<Row>({ text, values, rowMode: 'array', types: asWritten as pg.CustomTypesConfig })).rows
}

/** A leaf's record as JSON, and the row's id. `index` is null in a row without a place. */
export type RecordRow = [index: string | null, id: string, record: string]
export type LeafRow = [firstIndex: string, hashes: string]
export type CheckpointRow = [size: string, note: string, frontier: string]
/** A row that has no place, or not a whole one. */
export type PlacelessRow = [id: string, log: string | null, index: string | null]

const lowestId = '00000000-0000-0000-0000-000000000000'
const lowestIndex = '-9223372036854775808'

/** A year before Christ would read like one after. */
const time = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', CASE WHEN ${column} < '0001-01-02Z' THEN 'BC' ELSE '' END || 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** An object whose null members are left out, as text. `strings` has the members that JSON writes in quotes. */
function objectOf(members: Record<string, string>): string {
  // `concat` skips null, and so does a member whose value is.
  const parts = Object.entries(members).map(([name, value]) => `',"${name}":' || (${value})`)
  return `'{' || substr(concat(${parts.join(', ')}), 2) || '}'`
}

const text = (column: string) => `to_json(${column})::text`
const quoted = (value: string) => `'"' || ${value} || '"'`
/** What is not JSON (NaN, infinities) was written to the table by hand: no leaf was made of it, nor of a text. */
const number = (column: string) =>
  `CASE WHEN ${column} - ${column} = 0 THEN ${column}::text ELSE '"' || ${column} || '"' END`

const decision = objectOf({
  allowed: 'allowed::text',
  api_key_id: quoted('api_key_id'),
  contributions: 'contributions::text',
  created_at: quoted(time('created_at')),
  customer_id: quoted('customer_id'),
  id: quoted('id'),
  meta: "nullif(meta, '{}')::text",
  model: text('model'),
  operation: text('operation'),
  policy_version: text('policy_version'),
  provider: text('provider'),
  reason: text('reason'),
  request_id: quoted('request_id'),
  risk_score: 'risk_score::text',
  rule_errors: 'rule_errors::text',
  shadow: 'shadow::text',
  source: text('source'),
})

const outcome = objectOf({
  cached_input_tokens: 'cached_input_tokens::text',
  cost_usd: number('cost_usd'),
  input_tokens: 'input_tokens::text',
  latency_ms: number('latency_ms'),
  outcome: text('outcome'),
  output_tokens: 'output_tokens::text',
  response: 'response::text',
  status: 'status::text',
  upstream_ms: number('upstream_ms'),
})

const pruning = objectOf({
  at: quoted(time('created_at')),
  end_index: 'end_index::text',
  first_index: 'first_index::text',
  id: quoted('id'),
  older_than: quoted(time('older_than')),
  pruned_log_id: quoted('pruned_log_id'),
})

/** What each table's rows are as records. The members are those that the leaf was made of. */
const records = {
  usage_log: `'{"decision":' || ${decision} || ',"outcome":' || ${outcome} || '}'`,
  audit_pruning: `'{"pruning":' || ${pruning} || '}'`,
} as const
export type RecordTable = keyof typeof records
export const recordTables = Object.keys(records) as RecordTable[]

/** Rows of a log from an index on, and before another, in order. Those for one place come one after another. */
export function recordPages(database: Queryable, table: RecordTable, log: string, from: number, end: number) {
  const size = 1_000
  const first = [from === 0 ? lowestIndex : from, lowestId]
  return pagesOf<RecordRow>(
    after =>
      read(
        database,
        `SELECT leaf_index, id AS row_id, ${records[table]} FROM ${table}
        WHERE log_id = $1 AND (leaf_index, id) ${after === null ? '>=' : '>'} ($2, $3::uuid) AND leaf_index < $4
        ORDER BY leaf_index, id LIMIT ${size}`,
        [log, ...(after?.slice(0, 2) ?? first), end],
      ),
    size,
  )
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
  const size = 50
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

/** The last checkpoint that was made by a moment, and the first that was made after it. */
export async function checkpointNear(database: Queryable, log: string, moment: Date, which: 'last' | 'first') {
  const [row] = await read<CheckpointRow>(
    database,
    `SELECT size, note, frontier FROM audit_checkpoint WHERE log_id = $1
    AND ${which === 'last' ? 'created_at <= $2 ORDER BY size DESC' : 'created_at >= $2 ORDER BY size'} LIMIT 1`,
    [log, moment],
  )
  return row ?? null
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

import { records } from './record.ts'
import type { Queryable } from './tables.ts'

const place = { log_id: 'uuid', leaf_index: 'bigint' }

/** Of each table of the log, the columns that are read and their types. */
const types: Record<string, Record<string, string>> = {
  usage_log: { ...records.usage_log.decision, ...records.usage_log.outcome, ...place },
  audit_pruning: { ...pruningColumns(), ...place },
  audit_leaf: { log_id: 'uuid', first_index: 'bigint', hashes: 'bytea' },
  audit_checkpoint: { log_id: 'uuid', size: 'bigint', note: 'text', frontier: 'bytea', created_at: 'timestamptz' },
  audit_key: { verifier_key: 'text', created_at: 'timestamptz' },
}

function pruningColumns() {
  const { at, ...others } = records.audit_pruning.pruning
  return { ...others, created_at: at }
}

/** What somebody made of the log's tables: in words for whoever asked. */
export class LogTypeError extends Error {
  override readonly name = 'LogTypeError'
}

type Column = { table: string; is_table: boolean; column: string; type: string }

// Names of the catalogue in full: a schema that is searched first could have others.
const columnsThere = `
  SELECT class.relname AS table, class.relkind IN ('r', 'p') AS is_table, attribute.attname AS column,
    CASE WHEN type.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
      THEN pg_catalog.format_type(type.oid, NULL) ELSE 'of somebody''s own' END AS type
  FROM pg_catalog.unnest($1::pg_catalog.text[]) AS name
  JOIN pg_catalog.pg_class AS class ON class.oid = pg_catalog.to_regclass(name)
  JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = class.oid AND attnum > 0 AND NOT attisdropped
  JOIN pg_catalog.pg_type AS type ON type.oid = atttypid
  ORDER BY class.relname, attnum`

/**
 * Throws a `LogTypeError` where a table of the log is a view, or a column has another type than it was made with: its
 * text may then be what was hashed, and what it shows to others something else. What is missing is left to whoever
 * reads it.
 */
export async function checkTypes(database: Queryable): Promise<void> {
  const { rows } = await database.query<Column>(columnsThere, [Object.keys(types)])
  for (const { table, is_table, column, type } of rows) {
    if (!is_table) throw new LogTypeError(`${table} is no table: what is read from it need not be what was stored.`)
    const expected = types[table]?.[column]
    if (expected !== undefined && type !== writtenOut(expected))
      throw new LogTypeError(
        `The type of ${table}.${column} is ${type}, and not ${expected}: it is not as npm run migrate makes it, and what is read from it need not be what was stored.`,
      )
  }
}

/** As `format_type` says it. */
function writtenOut(type: string): string {
  return type === 'timestamptz' ? 'timestamp with time zone' : type
}

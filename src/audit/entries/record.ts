import type { DecisionRecord, OutcomeRecord } from '../../contracts/record.ts'
import type { RecordRow } from './tables.ts'

/**
 * What each table's rows are as records: by part, and in order, the members that the leaf was made of and their types.
 */
export const records = {
  usage_log: {
    decision: {
      allowed: 'boolean',
      api_key_id: 'uuid',
      contributions: 'json',
      created_at: 'timestamptz',
      customer_id: 'uuid',
      id: 'uuid',
      meta: 'json',
      model: 'text',
      operation: 'text',
      policy_version: 'text',
      provider: 'text',
      reason: 'text',
      request_id: 'uuid',
      risk_score: 'integer',
      rule_errors: 'json',
      shadow: 'json',
      source: 'text',
    },
    outcome: {
      cached_input_tokens: 'integer',
      cost_usd: 'numeric',
      input_tokens: 'integer',
      latency_ms: 'double precision',
      outcome: 'text',
      output_tokens: 'integer',
      response: 'json',
      status: 'integer',
      upstream_ms: 'double precision',
    },
  },
  audit_pruning: {
    pruning: {
      at: 'timestamptz',
      end_index: 'bigint',
      first_index: 'bigint',
      id: 'uuid',
      older_than: 'timestamptz',
      pruned_log_id: 'uuid',
    },
  },
} as const satisfies {
  usage_log: { decision: Record<keyof DecisionRecord, Type>; outcome: Record<keyof OutcomeRecord, Type> }
  audit_pruning: { pruning: Members }
}

type Type = 'boolean' | 'uuid' | 'json' | 'timestamptz' | 'text' | 'integer' | 'bigint' | 'numeric' | 'double precision'
type Members = Record<string, Type>

export type RecordTable = keyof typeof records
export const recordTables = Object.keys(records) as RecordTable[]

/** Members whose column has another name. */
const columnOf = (name: string) => (name === 'at' ? 'created_at' : name)

function selectionOf(table: RecordTable): string {
  return Object.values<Members>(records[table])
    .flatMap(members => Object.entries(members))
    .map(([name, type], at) => {
      const column = columnOf(name)
      const value =
        type === 'timestamptz'
          ? `${column} AT TIME ZONE 'UTC'`
          : column === 'meta'
            ? `nullif(${column}::text, '{}')`
            : column
      return `${value} AS value_${at}`
    })
    .join(', ')
}

/** The columns of each table's records, in the order in which `recordText` reads them. */
export const selections = Object.fromEntries(recordTables.map(table => [table, selectionOf(table)])) as Record<
  RecordTable,
  string
>

const booleans = new Map([
  ['t', 'true'],
  ['f', 'false'],
])

/**
 * What a column's text is as JSON. A number that is none (NaN), and a time that is none, was written to the table by
 * hand: it comes out as what no leaf was made of. So does a truth that is neither `t` nor `f`.
 */
const written: Record<Type, (text: string) => string> = {
  boolean: text => booleans.get(text) ?? JSON.stringify(text),
  uuid: text => `"${text}"`,
  json: text => text,
  /** `2026-11-25 10:51:23.12`, which PostgreSQL writes without zeros at the end. */
  timestamptz: text => `"${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z"`,
  text: text => JSON.stringify(text),
  integer: text => text,
  bigint: text => text,
  numeric: text => JSON.stringify(Number(text)),
  'double precision': text => JSON.stringify(Number(text)),
}

type Part = { start: string; members: { start: string; write: (text: string) => string }[] }

const plans = Object.fromEntries(
  recordTables.map(table => [
    table,
    Object.entries<Members>(records[table]).map(
      ([name, members]): Part => ({
        start: `"${name}":{`,
        members: Object.entries(members).map(([member, type]) => ({ start: `"${member}":`, write: written[type] })),
      }),
    ),
  ]),
) as Record<RecordTable, Part[]>

/**
 * The record that a row holds, as JSON: the very text that its leaf was made of, unless the row is one from before
 * `usage_log` kept JSON as it was written. Built here and not by PostgreSQL, which takes twice as long for it as for
 * the columns.
 */
export function recordText(table: RecordTable, row: RecordRow): string {
  let text = '{'
  let at = 2
  for (const { start, members } of plans[table]) {
    text += at === 2 ? start : `,${start}`
    let comma = ''
    for (const member of members) {
      const value = row[at++] ?? null
      if (value === null) continue
      text += `${comma}${member.start}${member.write(value)}`
      comma = ','
    }
    text += '}'
  }
  return `${text}}`
}

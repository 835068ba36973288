import type { Json, JsonObject } from '../../transparency/json.ts'
import type { RecordRow } from './tables.ts'

type Kind = 'text' | 'number' | 'boolean' | 'json' | 'time' | 'facts'

/** What each table's rows are as records: the members that the leaf was made of, by part, in order. */
const records = {
  usage_log: {
    decision: {
      allowed: 'boolean',
      api_key_id: 'text',
      contributions: 'json',
      created_at: 'time',
      customer_id: 'text',
      id: 'text',
      meta: 'facts',
      model: 'text',
      operation: 'text',
      policy_version: 'text',
      provider: 'text',
      reason: 'text',
      request_id: 'text',
      risk_score: 'number',
      rule_errors: 'json',
      shadow: 'json',
      source: 'text',
    },
    outcome: {
      cached_input_tokens: 'number',
      cost_usd: 'number',
      input_tokens: 'number',
      latency_ms: 'number',
      outcome: 'text',
      output_tokens: 'number',
      response: 'json',
      status: 'number',
      upstream_ms: 'number',
    },
  },
  audit_pruning: {
    pruning: {
      at: 'time',
      end_index: 'number',
      first_index: 'number',
      id: 'text',
      older_than: 'time',
      pruned_log_id: 'text',
    },
  },
} as const satisfies Record<string, Record<string, Record<string, Kind>>>

export type RecordTable = keyof typeof records
export const recordTables = Object.keys(records) as RecordTable[]

/** Members whose column has another name. */
const columnOf = (name: string) => (name === 'at' ? 'created_at' : name)

function selectionOf(table: RecordTable): string {
  const members = Object.values<Record<string, Kind>>(records[table]).flatMap(part => Object.entries(part))
  return members
    .map(([name, kind], at) => {
      const column = columnOf(name)
      const value =
        kind === 'time' ? `(${column} AT TIME ZONE 'UTC')` : kind === 'facts' ? `nullif(${column}, '{}')` : column
      return `${value}::text AS value_${at}`
    })
    .join(', ')
}

/** The columns of each table's records, as text, in the order in which `recordOf` reads them. */
export const selections = Object.fromEntries(recordTables.map(table => [table, selectionOf(table)])) as Record<
  RecordTable,
  string
>

/**
 * What a text is as JSON. A number that is none (NaN), and a time that is none, was written to the table by hand: it
 * comes out as what no leaf was made of.
 */
const values: Record<Kind, (text: string) => Json> = {
  text: text => text,
  number: Number,
  boolean: text => text === 'true',
  json: text => JSON.parse(text),
  facts: text => JSON.parse(text),
  /** `2026-11-25 10:51:23.12`, which PostgreSQL writes without zeros at the end. */
  time: text => `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z`,
}

type Part = { name: string; members: { name: string; read: (text: string) => Json }[] }

const plans = Object.fromEntries(
  recordTables.map(table => [
    table,
    Object.entries<Record<string, Kind>>(records[table]).map(
      ([name, members]): Part => ({
        name,
        members: Object.entries(members).map(([member, kind]) => ({ name: member, read: values[kind] })),
      }),
    ),
  ]),
) as Record<RecordTable, Part[]>

/** The record that a row holds. Built here and not by PostgreSQL, which takes twice as long for it as for the columns. */
export function recordOf(table: RecordTable, row: RecordRow): JsonObject {
  const record: JsonObject = {}
  let at = 2
  for (const { name, members } of plans[table]) {
    const part: JsonObject = {}
    for (const member of members) {
      const text = row[at++] ?? null
      if (text !== null) part[member.name] = member.read(text)
    }
    record[name] = part
  }
  return record
}

import { pagesOf } from '../entries/pages.ts'
import type { Queryable } from '../entries/tables.ts'
import { columnNames, columns } from './columns.ts'

/** Values in the order of the columns, as text; null where there is none. */
export type ExportRow = (string | null)[]

/** From `since` on, and before `until`. */
export type ExportPeriod = { since: Date; until: Date }

const selection = columnNames
  .map(name =>
    columns[name] === 'time'
      ? `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${name}_text`
      : `${name}::text AS ${name}_text`,
  )
  .join(', ')

/** Rows of a period, in the order in which the calls came, a page at a time. */
export function rowPages(database: Queryable, { since, until }: ExportPeriod): AsyncGenerator<ExportRow[]> {
  const size = 1_000
  const [idAt, timeAt] = [columnNames.indexOf('id'), columnNames.indexOf('created_at')]
  return pagesOf<ExportRow>(async after => {
    const { rows } = await database.query<ExportRow>({
      text: `SELECT ${selection} FROM usage_log WHERE (created_at, id) ${after === null ? '>=' : '>'} ($1, $2::uuid) AND created_at < $3
        ORDER BY created_at, id LIMIT ${size}`,
      values: [after?.[timeAt] ?? since, after?.[idAt] ?? '00000000-0000-0000-0000-000000000000', until],
      rowMode: 'array',
    })
    return rows
  }, size)
}

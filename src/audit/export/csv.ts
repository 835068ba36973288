import { stringify } from 'csv-stringify/sync'
import { columnNames, columns } from './columns.ts'
import type { ExportRow } from './rows.ts'

const isNumber = columnNames.map(name => columns[name] === 'integer' || columns[name] === 'real')

/**
 * Comma-separated values (RFC 4180) with a header. Spreadsheets run what begins like a formula, and callers choose some
 * of the texts: those get an apostrophe before them. Negative numbers get none.
 */
export async function* csvOf(pages: AsyncIterable<ExportRow[]>): AsyncGenerator<string> {
  yield write([columnNames])
  for await (const page of pages) {
    yield write(page.map(row => row.map((value, at) => (value !== null && isNumber[at] ? Number(value) : value))))
  }
}

function write(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(rows as (string | number | null)[][], { escape_formulas: true, record_delimiter: 'windows' })
}

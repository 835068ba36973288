import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { type ColumnType, columnNames, columns } from './columns.ts'
import type { ExportRow } from './rows.ts'

/** Rows of a row group: what is held at once. */
const groupRows = 20_000

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']

const types: Record<ColumnType, Omit<Schema[number], 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
  integer: { type: 'INT32' },
  index: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  money: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 9 },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
}

const values: Record<ColumnType, (text: string) => unknown> = {
  text: text => text,
  json: text => text,
  boolean: text => text === 'true',
  integer: Number,
  index: BigInt,
  real: Number,
  // Nine decimals, always: without the point they are the unscaled value. What is not a number has none.
  money: text => (/^-?\d+\.\d{9}$/.test(text) ? BigInt(text.replace('.', '')) : null),
  time: text => new Date(text),
}

const schema: Schema = [
  { name: 'usage_log', num_children: columnNames.length },
  ...columnNames.map(name => ({ name, repetition_type: 'OPTIONAL' as const, ...types[columns[name]] })),
]

/** A Parquet file, in pieces, compressed by Snappy. Holds one row group, and where the earlier ones are. */
export async function* parquetOf(pages: AsyncIterable<ExportRow[]>): AsyncGenerator<Buffer> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'ai-governance-proxy' })

  /** What was written since the last time. The writer goes on counting from the file's beginning. */
  function taken(): Buffer {
    const piece = Buffer.from(bytes.getBytes())
    bytes.index = 0
    return piece
  }

  let group: ExportRow[] = []
  for await (const page of pages) {
    group.push(...page)
    if (group.length < groupRows) continue
    writeGroup(file, group)
    group = []
    yield taken()
  }
  if (group.length > 0) writeGroup(file, group)
  await file.finish()
  yield taken()
}

function writeGroup(file: ParquetWriter, rows: readonly ExportRow[]): void {
  const columnData = columnNames.map((name, at) => {
    const read = values[columns[name]]
    const data = rows.map(row => {
      const text = row[at] ?? null
      return text === null ? null : read(text)
    })
    return { name, data }
  })
  file.write({ columnData, rowGroupSize: rows.length })
}

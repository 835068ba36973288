import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readEntries } from '../../src/audit/entries/read.ts'
import type { Queryable } from '../../src/audit/entries/tables.ts'
import { csvOf } from '../../src/audit/export/csv.ts'
import { jsonLinesOf } from '../../src/audit/export/json-lines.ts'
import { parquetOf } from '../../src/audit/export/parquet.ts'
import { rowPages } from '../../src/audit/export/rows.ts'
import { CommandError } from '../command.ts'
import { sinceOf } from '../policy/period.ts'
import { subcommand } from '../subcommand.ts'
import { withLog } from './log.ts'
import { type Pieces, save } from './save.ts'

type Period = { since?: Date; until?: Date }

const formats: Record<string, (database: Queryable, period: Period) => Pieces> = {
  jsonl: (database, period) => jsonLinesOf(readEntries(database, period)),
  csv: (database, period) => csvOf(rowPages(database, whole(period))),
  parquet: (database, period) => parquetOf(rowPages(database, whole(period))),
}

function whole({ since = new Date(0), until = new Date() }: Period) {
  return { since, until }
}

export const exportLog = subcommand(
  [
    'export [--since 30d] [--until <time>] [--format jsonl|csv|parquet] [--out <file>]',
    'jsonl: the logs with their hashes and checkpoints, for a verifier; csv, parquet: the decisions, for analysts',
  ],
  {
    since: { type: 'string' },
    until: { type: 'string' },
    format: { type: 'string', default: 'jsonl' },
    out: { type: 'string' },
  },
  [],
  async ({ values: { since, until, format, out } }) => {
    const write = Object.hasOwn(formats, format) ? formats[format] : undefined
    if (write === undefined) throw new CommandError(`--format must be one of ${Object.keys(formats).join(', ')}.`)
    const period = {
      ...(since !== undefined && { since: sinceOf(since) }),
      ...(until !== undefined && { until: sinceOf(until, '--until') }),
    }
    await withLog(log => (out === undefined ? print(write(log, period)) : save(write(log, period), out)))
  },
)

function print(pieces: Pieces): Promise<void> {
  return pipeline(Readable.from(pieces), process.stdout, { end: false })
}

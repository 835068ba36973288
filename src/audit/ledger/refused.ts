import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../contracts/log.ts'
import { leafData } from './ledger.ts'
import type { Settled } from './store.ts'

/** Keeps a record that the database refused, for a person to look at, in the file `refused` beside the spool. */
export function putAside(directory: string, record: Settled, log: Log): void {
  appendFileSync(join(directory, 'refused'), `${leafData(record)}\n`, { mode: 0o600, flush: true })
  log.error({ id: record.id }, 'The database refused a record, which was put aside')
}

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../contracts/log.ts'
import { leafData } from './ledger.ts'
import type { Settled } from './store.ts'

/** Why a record is not in the log, or not in one that will be signed. */
const reasons = {
  refused: 'The database refused a record, which was put aside',
  taken: 'The database has something else under the id of a record, which was put aside',
  unproven: 'No checkpoint of this proxy covers a record where the database has it, and it was put aside',
} as const

export type PutAside = (record: Settled, why: keyof typeof reasons) => void

/**
 * Keeps records for a person to look at, in the file `refused` beside the spool: canonical JSON, one a line. Each once,
 * as a record is shown again until its part of the spool is cleared away.
 */
export function openRefused(directory: string, log: Log): PutAside {
  const path = join(directory, 'refused')
  let kept: Set<string> | null = null

  return (record, why) => {
    kept ??= linesOf(path)
    const line = leafData(record)
    if (kept.has(line)) return
    appendFileSync(path, `${line}\n`, { mode: 0o600, flush: true })
    kept.add(line)
    log.error({ id: record.id }, reasons[why])
  }
}

/** A last line that was cut off gets its end, so that the next one is a line. */
function linesOf(path: string): Set<string> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  return new Set(text.split('\n'))
}

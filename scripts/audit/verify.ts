import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEntries } from '../../src/audit/entries/read.ts'
import { loadConfig } from '../../src/config.ts'
import { decodeEntries } from '../../src/transparency/json-lines.ts'
import { type Report, verify as verifyEntries } from '../../src/transparency/verify/verify.ts'
import { CommandError } from '../command.ts'
import { subcommand } from '../subcommand.ts'
import { keptNotes, notesAt } from './kept-notes.ts'
import { trustedKeys } from './keys.ts'
import { withLog } from './log.ts'
import { reportText } from './report.ts'

export const verify = subcommand(
  [
    'verify [--file <export.jsonl>] [--public-key <key or file>] [--checkpoints <file or directory>] [--partial] [--json]',
    'whether the log is as it was signed: in the database, or in an export; exit code 1 if not',
  ],
  {
    file: { type: 'string' },
    'public-key': { type: 'string', multiple: true },
    checkpoints: { type: 'string', multiple: true },
    partial: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  [],
  async ({ values }) => {
    const { file, partial } = values
    if (partial && file === undefined)
      throw new CommandError('--partial goes with --file: the database has whole logs.')
    const settings = {
      keys: await trustedKeys(values['public-key']),
      // Read before the log is: what is signed meanwhile is not missing from it.
      checkpoints: await (values.checkpoints === undefined && file === undefined
        ? ownNotes()
        : keptNotes(values.checkpoints ?? [])),
      partial,
      now: Date.now(),
    }
    const report = await (file === undefined
      ? inDatabase(settings)
      : verifyEntries(decodeEntries(createReadStream(file)), settings))
    console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report))
    if (!report.ok) process.exitCode = 1
  },
)

/**
 * Those of the data directory: an auditor's has none. They are of the logs as they are now, and an export may be older.
 */
async function ownNotes(): Promise<string[]> {
  return (await notesAt(join(loadConfig().dataDir, 'checkpoints'))) ?? []
}

/** A checkpoint is in the data directory a moment before it is in the database. */
const settlingMs = 1000

async function inDatabase(settings: Parameters<typeof verifyEntries>[1]): Promise<Report> {
  await sleep(settlingMs)
  return withLog(log => verifyEntries(readEntries(log), settings))
}

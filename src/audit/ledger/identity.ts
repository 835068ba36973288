import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckpointFile, createCheckpointFile, type KeptCheckpoint, lastKept } from './checkpoint-file.ts'

/** Which log an instance writes: its id, a UUID, and its checkpoints beside the database. */
export type LogIdentity = {
  readonly log: string
  readonly checkpoints: CheckpointFile
  /** The last checkpoint of whatever log beside the database, of this instance or another. */
  keptOf(log: string): KeptCheckpoint | null
  /** Begins another log. */
  renew(): void
}

/** The log of an instance's directory, kept in its file `log`; one that has none gets a new one. */
export function openIdentity(instance: string, checkpointsIn: string): LogIdentity {
  const path = join(instance, 'log')
  const pathOf = (of: string) => join(checkpointsIn, of)
  const places = { reserve: join(instance, 'reserve'), torn: join(instance, 'torn-checkpoints') }
  let log = read(path) ?? write(path)
  return {
    get log() {
      return log
    },
    get checkpoints() {
      return createCheckpointFile(pathOf(log), places)
    },
    // Of another log somebody else may be writing the next one: nothing is mended there.
    keptOf: of => (of === log ? createCheckpointFile(pathOf(log), places).last() : lastKept(pathOf(of))),
    renew() {
      log = write(path)
    },
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null
  } catch {
    return null
  }
}

function write(path: string): string {
  const log = randomUUID()
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, `${log}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return log
}

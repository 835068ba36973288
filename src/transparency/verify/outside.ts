import { type Checkpoint, openCheckpoint } from '../checkpoint.ts'
import type { VerifierKey } from '../keys.ts'
import { NoteError } from '../note.ts'
import type { Findings } from './findings.ts'

/** Checkpoints of one log that were kept where the database's administrator cannot reach them. */
export type Outside = {
  /** By size; each tree once, however many places kept it. */
  readonly checkpoints: readonly Checkpoint[]
  /** Those that were not seen among the stored ones. */
  readonly missing: Iterable<Checkpoint>
  /** Takes note that a checkpoint is stored, too. */
  seen(checkpoint: Checkpoint): void
}

/** Reads checkpoints from outside, by log. */
export async function readOutside(
  notes: Iterable<string> | AsyncIterable<string>,
  keys: readonly VerifierKey[],
  findings: Findings,
): Promise<Map<string, Outside>> {
  const logs = new Map<string, Checkpoint[]>()
  for await (const note of notes) {
    const checkpoint = open(note, keys, findings)
    if (checkpoint === null) continue
    const known = logs.get(checkpoint.log)
    if (known === undefined) logs.set(checkpoint.log, [checkpoint])
    else known.push(checkpoint)
  }
  return new Map(Array.from(logs, ([log, checkpoints]) => [log, createOutside(checkpoints)]))
}

export function createOutside(given: readonly Checkpoint[]): Outside {
  const missing = new Map(given.map(checkpoint => [nameOf(checkpoint), checkpoint]))
  return {
    checkpoints: [...missing.values()].sort((a, b) => a.size - b.size || Buffer.compare(a.root, b.root)),
    missing: { [Symbol.iterator]: () => missing.values() },
    seen(checkpoint) {
      missing.delete(nameOf(checkpoint))
    },
  }
}

function nameOf({ size, root }: Checkpoint): string {
  return `${size} ${root.toString('latin1')}`
}

function open(note: string, keys: readonly VerifierKey[], findings: Findings): Checkpoint | null {
  try {
    return openCheckpoint(note, keys)
  } catch (error) {
    if (!(error instanceof NoteError)) throw error
    findings.add({ kind: 'bad_signature', log: null, index: null, detail: error.fault })
    return null
  }
}

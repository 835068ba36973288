import { decodeBase64 } from './base64.ts'
import { HASH_BYTES } from './hash.ts'
import type { Signer, VerifierKey } from './keys.ts'
import { NoteError, openNote, signNote } from './note.ts'

/** What a log looked like at a size. `log` is the log's id, a UUID. */
export type Checkpoint = { log: string; size: number; root: Buffer }

const body = /^ai-governance-proxy\/([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n(?:[^\n]+\n)*$/
const logId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** A signed checkpoint (c2sp.org/tlog-checkpoint). */
export function signCheckpoint({ log, size, root }: Checkpoint, signers: readonly Signer[]): string {
  return signNote(`ai-governance-proxy/${log}\n${size}\n${root.toString('base64')}\n`, signers)
}

/** The checkpoint that a known key signed. Throws a NoteError. */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): Checkpoint {
  const [, log = '', digits = '', encoded = ''] = body.exec(openNote(note, keys)) ?? []
  const [size, root] = [Number(digits), decodeBase64(encoded)]
  if (!isLogId(log) || !Number.isSafeInteger(size) || root?.length !== HASH_BYTES) throw new NoteError('malformed')
  return { log, size, root }
}

/** Whether a text is a log's id: a UUID in lower case. */
export function isLogId(text: string): boolean {
  return logId.test(text)
}

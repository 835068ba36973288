import { isObject, type JsonObject, parseJson } from '../json.ts'
import { decodeBase64 } from './base64.ts'
import { canonicalise } from './canonical-json.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { HASH_BYTES, leafHash } from './hash.ts'
import { verifyInclusion } from './inclusion.ts'
import type { VerifierKey } from './keys.ts'

/** That a record is in a log: all that is needed besides the public key. */
export type Proof = {
  index: number
  /** The leaf's data: canonical JSON. */
  data: string
  /** From the leaf's sibling up. */
  path: readonly Buffer[]
  /** A signed checkpoint of a tree that holds the leaf. */
  note: string
}

export type ProvedRecord = { record: JsonObject; index: number; checkpoint: Checkpoint }

export class ProofError extends Error {
  override name = 'ProofError'
}

const header = 'c2sp.org/tlog-proof@v1'

/** A proof as text (c2sp.org/tlog-proof), with the leaf's data as its extra data. */
export function writeProof({ index, data, path, note }: Proof): string {
  const hashes = path.map(hash => `${hash.toString('base64')}\n`).join('')
  return `${header}\nextra ${Buffer.from(data).toString('base64')}\nindex ${index}\n${hashes}\n${note}`
}

/** Reads a proof without judging it. Throws a ProofError if it is not one, or has no leaf's data. */
export function readProof(text: string): Proof {
  const blank = text.indexOf('\n\n')
  const [first, extra, place, ...hashes] = text.slice(0, Math.max(blank, 0)).split('\n')
  const data = utf8Of(/^extra (\S+)$/.exec(extra ?? '')?.[1] ?? '')
  const index = Number(/^index (0|[1-9]\d{0,15})$/.exec(place ?? '')?.[1] ?? Number.NaN)
  const path = hashes.map(decodeBase64).filter(hash => hash?.length === HASH_BYTES)
  if (first !== header || data === null || !Number.isSafeInteger(index) || path.length !== hashes.length) {
    throw new ProofError('Not a proof that carries its record')
  }
  return { index, data, path: path.filter(hash => hash !== null), note: text.slice(blank + 2) }
}

/**
 * The record that a proof proves, by the trusted keys alone. Throws a NoteError if no key signed its checkpoint, and a
 * ProofError if the record is not in the tree that was signed.
 */
export function verifyProof(text: string, keys: readonly VerifierKey[]): ProvedRecord {
  const { index, data, path, note } = readProof(text)
  const checkpoint = openCheckpoint(note, keys)
  if (!verifyInclusion({ ...checkpoint, index }, leafHash(data), path)) {
    throw new ProofError('The record is not in the log at that index')
  }
  return { record: recordOf(data), index, checkpoint }
}

function recordOf(data: string): JsonObject {
  const record: unknown = parse(data)
  // Other texts of the same value would be other leaves: none of our logs holds one.
  if (!isObject(record) || canonicalise(record) !== data) throw new ProofError('The record is not canonical JSON')
  return record as JsonObject
}

function parse(data: string): unknown {
  try {
    return parseJson(data)
  } catch {
    throw new ProofError('The record is not JSON')
  }
}

function utf8Of(encoded: string): string | null {
  const bytes = decodeBase64(encoded)
  const text = bytes?.toString() ?? ''
  return bytes !== null && bytes.length > 0 && Buffer.from(text).equals(bytes) ? text : null
}

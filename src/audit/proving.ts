import { parseJson } from '../json.ts'
import { canonicalise } from '../transparency/canonical-json.ts'
import { proveInclusion } from '../transparency/inclusion.ts'
import { parseVerifierKey, type VerifierKey } from '../transparency/keys.ts'
import { NoteError } from '../transparency/note.ts'
import { ProofError, verifyProof, writeProof } from '../transparency/proof.ts'
import { type RecordTable, recordTables, recordText } from './entries/record.ts'
import { checkpointAbove, leafPages, type Queryable, recordPages, verifierKeys } from './entries/tables.ts'

/** Why there is no proof: in words for whoever asked. */
export class NoProofError extends Error {
  override readonly name = 'NoProofError'
}

/**
 * What a proof of a record that was edited, of leaves that are gone, or of a checkpoint that nobody signed fails with.
 */
const faults = [NoteError, ProofError, RangeError, TypeError]

/**
 * The proof that a decision (or a pruning) is in its log, as text (c2sp.org/tlog-proof), under the first checkpoint
 * that covers it. Throws `NoProofError`, also where the log is not as it was signed: what was made of it would prove
 * nothing.
 */
export async function proofOf(database: Queryable, id: string): Promise<string> {
  const { table, log, index } = await placeOf(database, id)
  const checkpoint = await checkpointAbove(database, log, index)
  if (checkpoint === null) throw new NoProofError('No checkpoint covers this record yet. One is made every minute.')
  const [size, note] = checkpoint
  for await (const rows of recordPages(database, table, log, index, index + 1)) {
    const row = rows.find(([, rowId]) => rowId === id.toLowerCase())
    if (row === undefined) continue
    const keys = await claimedKeys(database)
    try {
      const path = await proveInclusion(index, Number(size), leafHashes(database, log))
      const proof = writeProof({ index, data: canonicalise(parseJson(recordText(table, row))), path, note })
      verifyProof(proof, keys)
      return proof
    } catch (error) {
      if (!faults.some(fault => error instanceof fault)) throw error
      throw new NoProofError(
        'This record cannot be proved, as its log is not as it was signed. What was changed: npm run audit -- verify',
        { cause: error },
      )
    }
  }
  throw new NoProofError('There is no such record.')
}

/** Those that the database says signed: whether they are to be trusted is for whoever verifies. */
async function claimedKeys(database: Queryable): Promise<VerifierKey[]> {
  return (await verifierKeys(database)).flatMap(key => {
    try {
      return [parseVerifierKey(key)]
    } catch {
      return []
    }
  })
}

async function placeOf(database: Queryable, id: string): Promise<{ table: RecordTable; log: string; index: number }> {
  for (const table of recordTables) {
    const { rows } = await database.query<{ log: string | null; index: number | null }>(
      `SELECT log_id AS log, leaf_index::float8 AS index FROM ${table} WHERE id = $1::uuid`,
      [id],
    )
    const { log = null, index = null } = rows[0] ?? {}
    if (log !== null && index !== null) return { table, log, index }
  }
  throw new NoProofError('There is no record of this id in a log.')
}

async function* leafHashes(database: Queryable, log: string): AsyncGenerator<Buffer> {
  for await (const page of leafPages(database, log, 0)) {
    for (const [, hashes] of page) yield Buffer.from(hashes.slice(2), 'hex')
  }
}

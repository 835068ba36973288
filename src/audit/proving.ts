import { parseJson } from '../json.ts'
import { canonicalise } from '../transparency/canonical-json.ts'
import { proveInclusion } from '../transparency/inclusion.ts'
import { writeProof } from '../transparency/proof.ts'
import { type RecordTable, recordTables, recordText } from './entries/record.ts'
import { checkpointAbove, leafPages, type Queryable, recordPages } from './entries/tables.ts'

/** Why there is no proof: in words for whoever asked. */
export class NoProofError extends Error {
  override readonly name = 'NoProofError'
}

/**
 * The proof that a decision (or a pruning) is in its log, as text (c2sp.org/tlog-proof), under the first checkpoint that
 * covers it. Throws `NoProofError`.
 */
export async function proofOf(database: Queryable, id: string): Promise<string> {
  const { table, log, index } = await placeOf(database, id)
  const checkpoint = await checkpointAbove(database, log, index)
  if (checkpoint === null) throw new NoProofError('No checkpoint covers this record yet. One is made every minute.')
  const [size, note] = checkpoint
  for await (const [row] of recordPages(database, table, log, index, index + 1)) {
    if (row === undefined) break
    const path = await proveInclusion(index, Number(size), leafHashes(database, log))
    return writeProof({ index, data: canonicalise(parseJson(recordText(table, row))), path, note })
  }
  throw new NoProofError('There is no such record.')
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

import { canonicalise } from '../../transparency/canonical-json.ts'
import { createFrontier, type Frontier, parseFrontier } from '../../transparency/frontier.ts'
import { HASH_BYTES } from '../../transparency/hash.ts'
import { readRecord } from '../../transparency/record.ts'
import { recordText } from '../entries/record.ts'
import { checkpointBelow, leafPages, type Queryable, type RecordRow, rowsOfIds } from '../entries/tables.ts'
import type { KeptCheckpoint } from './checkpoint-file.ts'

/** What the database has under the id of a record. */
export type OnRecord = {
  /** The decision of the row as it stands, as canonical JSON; null if it is none. */
  decision: string | null
  /** The hash of the row as it stands; null if it is nothing that a log can hold. */
  hash: Buffer | null
  /** Whether that is the hash of the leaf in the row's place, and a checkpoint that was kept covers that leaf. */
  isSigned: boolean
}

/** The last checkpoint of a log that was kept beside the database. */
export type KeptOf = (log: string) => KeptCheckpoint | null

/**
 * What the database has under some ids. That a row is there says nothing: anybody who may add records could have added
 * it. A leaf is believed if it is part of a tree whose root was kept here.
 */
export async function onRecord(
  database: Queryable,
  ids: readonly string[],
  keptOf: KeptOf,
): Promise<Map<string, OnRecord>> {
  const rows = await rowsOfIds(database, ids)
  const signed = new Map<string, Map<number, Buffer>>()
  for (const [log, places] of Map.groupBy(
    rows.flatMap(({ place }) => place ?? []),
    ({ log }) => log,
  )) {
    const indexes = places.map(({ index }) => index)
    signed.set(log, await signedLeaves(database, log, indexes, keptOf(log)))
  }
  return new Map(
    rows.map(({ id, place, row }) => {
      const { decision, hash } = read(row)
      const leaf = place === null ? undefined : signed.get(place.log)?.get(place.index)
      return [id, { decision, hash, isSigned: leaf !== undefined && hash?.equals(leaf) === true }]
    }),
  )
}

function read(row: RecordRow): Pick<OnRecord, 'decision' | 'hash'> {
  const { record, hash } = readRecord({ record: recordText('usage_log', row) })
  return { decision: hash === null ? null : canonicalise(record.decision), hash }
}

/** Those of some leaves that a kept checkpoint covers: none if the leaves do not make its tree. */
async function signedLeaves(
  database: Queryable,
  log: string,
  indexes: readonly number[],
  kept: KeptCheckpoint | null,
): Promise<Map<number, Buffer>> {
  const found = new Map<number, Buffer>()
  const wanted = new Set(indexes.filter(index => index >= 0 && index < (kept?.size ?? 0)))
  if (kept === null || wanted.size === 0) return found
  // A stored frontier that is false leads to a false root.
  const frontier = await frontierBelow(database, log, Math.min(...wanted))
  if (frontier === null) return found
  for await (const page of leafPages(database, log, frontier.size)) {
    for (const [first, hex] of page) {
      const run = Buffer.from(hex.slice(2), 'hex')
      for (let at = Math.max(0, frontier.size - Number(first)) * HASH_BYTES; at < run.length; at += HASH_BYTES) {
        const index = Number(first) + at / HASH_BYTES
        if (index !== frontier.size || index >= kept.size) break
        const leaf = run.subarray(at, at + HASH_BYTES)
        if (wanted.has(index)) found.set(index, leaf)
        frontier.append(leaf)
      }
    }
    if (frontier.size >= kept.size) break
  }
  const isRight = frontier.size === kept.size && frontier.root().toString('base64') === kept.root
  return isRight ? found : new Map()
}

async function frontierBelow(database: Queryable, log: string, index: number): Promise<Frontier | null> {
  const checkpoint = await checkpointBelow(database, log, index)
  if (checkpoint === null) return createFrontier()
  const [size, , hex] = checkpoint
  try {
    return parseFrontier(Number(size), Buffer.from(hex.slice(2), 'hex'))
  } catch {
    return null
  }
}

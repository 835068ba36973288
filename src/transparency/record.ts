import { isObject, type JsonObject, parseJson, repeatsMember } from '../json.ts'
import { canonicalise } from './canonical-json.ts'
import type { Leaf } from './entry.ts'
import { leafHash } from './hash.ts'

/** A pruning: which leaves' records a retention run deleted, `first` to `end - 1` of a log. */
export type Pruning = { log: string; first: number; end: number }

/** The leaf hash of a record. Throws a TypeError if the record is not JSON. */
export function recordHash(record: JsonObject): Buffer {
  return leafHash(canonicalise(record))
}

/** A leaf's record, parsed, and its leaf hash: null if it is nothing that a log can hold. */
export function readRecord({ record = {}, source }: Pick<Leaf, 'record' | 'source'>) {
  if (typeof record === 'string') return hashed(parseJson(record) as JsonObject, record)
  return hashed(record, source)
}

function hashed(record: JsonObject, source: string | undefined): { record: JsonObject; hash: Buffer | null } {
  const text = canonicalOrNull(record)
  // Nearly all are written as leaves are, so that there is nothing to count.
  const repeats = source !== undefined && source !== text && repeatsMember(source, record)
  return { record, hash: text === null || repeats ? null : leafHash(text) }
}

function canonicalOrNull(record: JsonObject): string | null {
  try {
    return canonicalise(record)
  } catch {
    return null
  }
}

/** The pruning that a record holds. Null for a record of a call. */
export function pruningOf({ pruning }: JsonObject): Pruning | null {
  if (!isObject(pruning)) return null
  const { pruned_log_id: log, first_index: first, end_index: end } = pruning
  if (typeof log !== 'string' || !isIndex(first) || !isIndex(end) || end <= first) return null
  return { log, first, end }
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * The id of a decision or pruning; null if there is none, or if it is not a UUID, so that a fault never quotes content.
 */
export function idOf({ decision, pruning }: JsonObject): string | null {
  const id = isObject(decision) ? decision.id : isObject(pruning) ? pruning.id : null
  return typeof id === 'string' && uuid.test(id) ? id : null
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** When a decision was made or a pruning done, as `2026-11-25T10:51:23.123Z`, so that times compare as texts. */
export function timeOf({ decision, pruning }: JsonObject): string | null {
  const time = isObject(decision) ? decision.created_at : isObject(pruning) ? pruning.at : null
  return typeof time === 'string' && moment.test(time) ? time : null
}

/**
 * The time in the canonical JSON of a call, without a look at the rest. In a text a quote would have a backslash before
 * it.
 */
export function callTime(text: string): string | null {
  const time = /"created_at":"([^"]{24})"/.exec(text)?.[1] ?? null
  return time !== null && moment.test(time) ? time : null
}

export function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

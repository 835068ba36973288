import type { JsonObject } from '../json.ts'

/** Where a log's leaves begin in a stream: at `size`, after the leaves that `frontier` stands for. */
export type Start = {
  log: string
  size: number
  /** Roots of the perfect subtrees of the leaves before, largest first. */
  frontier: readonly Buffer[]
  /** A signed checkpoint of `size`; null if `size` is 0. */
  note: string | null
}

export type Leaf = {
  log: string
  index: number
  /** Leaf hash. */
  leaf: Buffer
  /** Parsed, or as JSON: a text that hashes to its leaf as it is need not be parsed. Absent if its row is gone. */
  record?: JsonObject | string
  /** The JSON that `record` was parsed from, if an object in it may have a member twice: no leaf is made of that. */
  source?: string
}

/** A stored row that has no leaf, or a place that another row has. */
export type Stray = { id: string; log: string | null; index: number | null }

/**
 * What a verifier reads. Of each log its start comes first, then its leaves in order, each checkpoint right after the
 * leaf `size - 1`. Logs may be interleaved. Keys are claims: a verifier trusts those that it was given.
 */
export type Entry =
  | { key: string }
  | { start: Start }
  | { entry: Leaf }
  | { checkpoint: { log: string; note: string } }
  | { stray: Stray }

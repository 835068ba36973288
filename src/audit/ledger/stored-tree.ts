import { createFrontier, type Frontier, parseFrontier } from '../../transparency/frontier.ts'
import { HASH_BYTES } from '../../transparency/hash.ts'
import type { KeptCheckpoint } from './checkpoint-file.ts'
import type { StoredLog } from './store.ts'

/** A log as the database has it, on top of the checkpoint that its owner knows. */
export type StoredTree = {
  frontier: Frontier
  /** The frontier at the owner's checkpoint. */
  signed: Buffer
  /** Leaf hashes above that checkpoint, by the ids of their rows. */
  unproven: Map<string, Buffer>
}

/**
 * Builds the tree anew from what is stored. Null if that is not what the owner left: leaves or rows are missing, or the
 * tree is not a continuation of the owner's last checkpoint.
 */
export function rebuildTree({ checkpoint, leaves, rows }: StoredLog, last: KeptCheckpoint | null): StoredTree | null {
  const from = checkpoint?.size ?? 0
  const size = last?.size ?? 0
  const frontier = parse(from, checkpoint?.frontier ?? Buffer.alloc(0))
  const hashes = hashesOf(leaves, from)
  if (frontier === null || hashes === null || from > size || size > from + hashes.length) return null

  for (const hash of hashes.slice(0, size - from)) frontier.append(hash)
  const signed = frontier.serialise()
  if (last !== null && frontier.root().toString('base64') !== last.root) return null

  const above = hashes.slice(size - from)
  for (const hash of above) frontier.append(hash)
  const unproven = new Map<string, Buffer>()
  for (const { id, index } of rows) {
    const hash = above[index - size]
    if (hash !== undefined) unproven.set(id, hash)
    else if (index >= size) return null
  }
  return unproven.size === above.length ? { frontier, signed, unproven } : null
}

function parse(size: number, bytes: Buffer): Frontier | null {
  try {
    return size === 0 ? createFrontier() : parseFrontier(size, bytes)
  } catch {
    return null
  }
}

/** All hashes in order; null if a run is missing. */
function hashesOf(leaves: StoredLog['leaves'], from: number): Buffer[] | null {
  const hashes: Buffer[] = []
  for (const { first, hashes: run } of leaves) {
    if (first !== from + hashes.length) return null
    for (let at = 0; at < run.length; at += HASH_BYTES) hashes.push(run.subarray(at, at + HASH_BYTES))
  }
  return hashes
}

import { createFrontier } from './frontier.ts'
import { HASH_BYTES } from './hash.ts'

/** The leaves `first` to `end - 1` of a tree. */
export type Subtree = { first: number; end: number }

/**
 * The leaf hashes of a log from leaf 0 on, in chunks of any number of whole hashes, 32 bytes each. A chunk's bytes may
 * not change afterwards.
 */
export type LeafHashes = AsyncIterable<Buffer> | Iterable<Buffer>

/** Where a tree of two leaves or more is split (RFC 6962, section 2.1): the largest power of two below its size. */
export function splitOf(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/**
 * Roots of disjoint subtrees, in the order in which they are given. Reads the leaves once, and no further than needed;
 * holds one frontier at a time. Throws a RangeError if there are too few leaves.
 */
export async function rootsOf(subtrees: readonly Subtree[], leaves: LeafHashes): Promise<Buffer[]> {
  const waiting = subtrees.toSorted((a, b) => a.first - b.first)
  const roots = new Map<number, Buffer>()
  let frontier = createFrontier()
  let position = 0
  for await (const chunk of leaves) {
    for (let at = 0; at < chunk.length && waiting[roots.size] !== undefined; at += HASH_BYTES, position++) {
      const subtree = waiting[roots.size]
      if (subtree === undefined || position < subtree.first) continue
      frontier.append(chunk.subarray(at, at + HASH_BYTES))
      if (position + 1 < subtree.end) continue
      roots.set(subtree.first, frontier.root())
      frontier = createFrontier()
    }
    if (roots.size === waiting.length) break
  }
  return subtrees.map(({ first }) => {
    const root = roots.get(first)
    if (root === undefined) throw new RangeError('The log has fewer leaves than the proof needs')
    return root
  })
}

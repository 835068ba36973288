import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts'

/**
 * The right edge of a growing tree (a compact range from 0): the roots of the perfect subtrees of its leaves, largest
 * first, one for each set bit of its size. All that is needed to append, and to know the root.
 */
export type Frontier = {
  /** Number of leaves, below 2^53. */
  readonly size: number
  /** The subtrees' roots, largest subtree first. */
  readonly hashes: readonly Buffer[]
  append(leafHash: Buffer): void
  root(): Buffer
  /** The subtrees' roots, concatenated: 32 bytes for each set bit of `size`. */
  serialise(): Buffer
}

/**
 * The frontier of an empty tree, or of the tree that `size` and `hashes` describe. Throws a RangeError if they
 * disagree.
 */
export function createFrontier(size = 0, hashes: readonly Buffer[] = []): Frontier {
  if (!Number.isSafeInteger(size) || size < 0 || hashes.length !== setBits(size)) {
    throw new RangeError('A frontier has one hash for each set bit of its size')
  }
  if (hashes.some(hash => hash.length !== HASH_BYTES)) throw new RangeError('A hash has 32 bytes')
  const roots = [...hashes]
  let count = size

  return {
    get size() {
      return count
    },
    get hashes() {
      return roots
    },
    append(leafHash) {
      let root = leafHash
      // Each set bit at the end is a perfect subtree that the new one completes: 1 on average.
      for (let rest = count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
        const left = roots.pop()
        if (left === undefined) throw new RangeError('A frontier has one hash for each set bit of its size')
        root = nodeHash(left, root)
      }
      roots.push(root)
      count++
    },
    root() {
      return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right))
    },
    serialise() {
      return Buffer.concat(roots)
    },
  }
}

/** Reads what `serialise` wrote. Throws a RangeError if the bytes are not those of a tree of that size. */
export function parseFrontier(size: number, bytes: Buffer): Frontier {
  const hashes: Buffer[] = []
  for (let at = 0; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES))
  return createFrontier(size, hashes)
}

function setBits(size: number): number {
  let bits = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}

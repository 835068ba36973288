import { nodeHash } from './hash.ts'
import { type LeafHashes, rootsOf, type Subtree, splitOf } from './subtrees.ts'

/** A tree, by its number of leaves and its root. */
export type Tree = { size: number; root: Buffer }

/**
 * Proof that the tree of the first `size` leaves is a beginning of the tree of the first `laterSize` (RFC 6962, section
 * 2.1.2). Nothing needs proof of an empty tree. Throws a RangeError if the sizes are in the wrong order or leaves are
 * missing.
 */
export function proveConsistency(size: number, laterSize: number, leaves: LeafHashes): Promise<Buffer[]> {
  return rootsOf(consistencyPath(size, laterSize), leaves)
}

function consistencyPath(size: number, laterSize: number): Subtree[] {
  if (!Number.isSafeInteger(laterSize) || !Number.isSafeInteger(size) || size < 0 || size > laterSize) {
    throw new RangeError('A tree is consistent with later trees only')
  }
  if (size === 0) return []
  const path: Subtree[] = []
  let [first, end] = [0, laterSize]
  while (size !== end) {
    const split = first + splitOf(end - first)
    if (size <= split) {
      path.push({ first: split, end })
      end = split
    } else {
      path.push({ first, end: split })
      first = split
    }
  }
  // While nothing was split off on the left this is the earlier tree itself, whose root the verifier has.
  if (first > 0) path.push({ first, end })
  return path.reverse()
}

/** Whether one tree is a beginning of the other (RFC 9162, section 2.1.4.2). */
export function verifyConsistency(earlier: Tree, later: Tree, proof: readonly Buffer[]): boolean {
  if (earlier.size > later.size || earlier.size < 0) return false
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root)
  if (earlier.size === 0) return proof.length === 0
  let [node, last] = [earlier.size - 1, later.size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  // An earlier tree that is perfect is itself the first node of the path.
  const [seed, ...path] = node === 0 ? [earlier.root, ...proof] : proof
  if (seed === undefined) return false
  let [earlierHash, laterHash] = [seed, seed]
  for (const sibling of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      earlierHash = nodeHash(sibling, earlierHash)
      laterHash = nodeHash(sibling, laterHash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      laterHash = nodeHash(laterHash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && earlierHash.equals(earlier.root) && laterHash.equals(later.root)
}

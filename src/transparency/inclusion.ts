import { nodeHash } from './hash.ts'
import { type LeafHashes, rootsOf, type Subtree, splitOf } from './subtrees.ts'

/**
 * The audit path of a leaf in the tree of the first `size` leaves (RFC 6962, section 2.1.1): from the leaf's sibling up
 * to a child of the root. Reads the leaf hashes as far as `size`; throws a RangeError if there are fewer.
 */
export function proveInclusion(index: number, size: number, leaves: LeafHashes): Promise<Buffer[]> {
  return rootsOf(auditPath(index, size), leaves)
}

function auditPath(index: number, size: number): Subtree[] {
  if (!isPlace(index, size)) throw new RangeError('There is no such leaf in a tree of that size')
  const path: Subtree[] = []
  let [first, end] = [0, size]
  while (end - first > 1) {
    const split = first + splitOf(end - first)
    if (index < split) {
      path.push({ first: split, end })
      end = split
    } else {
      path.push({ first, end: split })
      first = split
    }
  }
  return path.reverse()
}

/** Whether a leaf is in the tree of that size and root, at that index (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(
  { index, size, root }: { index: number; size: number; root: Buffer },
  leafHash: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!isPlace(index, size)) return false
  let [node, last] = [index, size - 1]
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      // A node without a sibling on the right rises until it is a right child.
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && hash.equals(root)
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size
}

// Held against the test vectors of certificate-transparency, and against RFC 6962 as it is written, recursion and all.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFrontier, parseFrontier } from '../../src/transparency/frontier.ts'
import { EMPTY_ROOT, leafHash, nodeHash } from '../../src/transparency/hash.ts'
import { proveInclusion, verifyInclusion } from '../../src/transparency/inclusion.ts'

const vectors = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const

const most = 70
const leaves = Array.from({ length: most }, (_, index) => leafHash(`leaf ${index}`))

/** RFC 6962, section 2.1. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes
  if (only === undefined) return EMPTY_ROOT
  if (hashes.length === 1) return only
  const split = splitOf(hashes.length)
  return nodeHash(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)))
}

/** RFC 6962, section 2.1.1. */
function path(index: number, hashes: readonly Buffer[]): Buffer[] {
  if (hashes.length === 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return index < split ? [...path(index, left), treeHash(right)] : [...path(index - split, right), treeHash(left)]
}

function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1)
}

/** The hashes in chunks of uneven lengths, as a database returns its batches. */
function* chunks(hashes: readonly Buffer[]): Generator<Buffer> {
  for (let from = 0, length = 0; from < hashes.length; from += length) {
    length = 1 + (from % 5)
    yield Buffer.concat(hashes.slice(from, from + length))
  }
}

const roots = Array.from({ length: most + 1 }, (_, size) => treeHash(leaves.slice(0, size)))
const root = (size: number) => roots[size] ?? EMPTY_ROOT

test('the tree of no leaves', () => {
  expect(createFrontier().root().toString('hex')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})

test('the trees of the known vectors, of bytes and of texts', () => {
  const bytes = createFrontier()
  const texts = createFrontier()
  for (const [data, expected] of vectors) {
    bytes.append(leafHash(Buffer.from(data, 'hex')))
    texts.append(leafHash(Buffer.from(data, 'hex').toString()))
    expect(bytes.root().toString('hex')).toBe(expected)
    expect(texts.root().toString('hex')).toBe(expected)
  }
})

describe('a frontier', () => {
  test('has the root of every size, also when it was written and read in between', () => {
    let frontier = createFrontier()
    for (const [index, leaf] of leaves.entries()) {
      expect(frontier.root()).toEqual(root(index))
      frontier.append(leaf)
      frontier = parseFrontier(frontier.size, frontier.serialise())
    }
    expect(frontier.size).toBe(most)
  })

  test('holds the subtrees of the set bits of its size, largest first', () => {
    const frontier = createFrontier()
    for (const leaf of leaves.slice(0, 0b1011)) frontier.append(leaf)
    expect(frontier.hashes).toEqual([root(8), treeHash(leaves.slice(8, 10)), leaves[10]])
  })

  test('grows beyond 2^32 leaves', () => {
    const size = 2 ** 40 + 1
    const frontier = createFrontier(size, [root(1), root(2)])
    frontier.append(root(3))
    expect(frontier.size).toBe(size + 1)
    expect(frontier.hashes).toEqual([root(1), nodeHash(root(2), root(3))])
  })

  test('is refused when it does not fit its size', () => {
    expect(() => parseFrontier(3, Buffer.alloc(32))).toThrow(RangeError)
    expect(() => parseFrontier(1, Buffer.alloc(31))).toThrow(RangeError)
    expect(() => parseFrontier(0, Buffer.alloc(32))).toThrow(RangeError)
    expect(() => createFrontier(-1)).toThrow(RangeError)
  })
})

describe('inclusion', () => {
  test('of every leaf in every tree is proved as in RFC 6962', async () => {
    for (let size = 1; size <= most; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await proveInclusion(index, size, chunks(leaves))
        expect(proof).toEqual(path(index, leaves.slice(0, size)))
        const place = { index, size, root: root(size) }
        expect(verifyInclusion(place, leaves[index] ?? EMPTY_ROOT, proof)).toBe(true)
      }
    }
  })

  test('is not proved by anything else', async () => {
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [6, 7],
      [33, 70],
      [69, 70],
      [64, 65],
    ] as const) {
      const proof = await proveInclusion(index, size, chunks(leaves))
      const leaf = leaves[index] ?? EMPTY_ROOT
      const place = { index, size, root: root(size) }
      expect(verifyInclusion({ ...place, root: EMPTY_ROOT }, leaf, proof)).toBe(false)
      expect(verifyInclusion(place, EMPTY_ROOT, proof)).toBe(false)
      expect(verifyInclusion(place, leaf, [...proof, EMPTY_ROOT])).toBe(false)
      expect(verifyInclusion({ ...place, index: size }, leaf, proof)).toBe(false)
      expect(verifyInclusion({ ...place, index: -1 }, leaf, proof)).toBe(false)
      for (let other = 0; other < size; other++) {
        if (other !== index) expect(verifyInclusion({ ...place, index: other }, leaf, proof)).toBe(false)
      }
      for (const place_ of proof.keys()) {
        expect(verifyInclusion(place, leaf, proof.toSpliced(place_, 1))).toBe(false)
        expect(verifyInclusion(place, leaf, proof.with(place_, EMPTY_ROOT))).toBe(false)
      }
    }
  })

  test('cannot be proved of leaves that are not there', async () => {
    await expect(async () => proveInclusion(3, 3, chunks(leaves))).rejects.toThrow(RangeError)
    await expect(proveInclusion(0, most + 1, chunks(leaves))).rejects.toThrow(RangeError)
  })
})

test('large trees of random sizes', async () => {
  const many = Array.from({ length: 5000 }, (_, index) => leafHash(`${index}`))
  const sizes = fc.tuple(fc.nat(many.length - 1), fc.nat(many.length - 1))
  await fc.assert(
    fc.asyncProperty(sizes, async ([a, b]) => {
      const [index, size] = [Math.min(a, b), Math.max(a, b) + 1]
      const hashes = many.slice(0, size)
      expect(await proveInclusion(index, size, chunks(many))).toEqual(path(index, hashes))
    }),
    { numRuns: 20 },
  )
})

import { border } from '../detectors/detector.ts'
import { classCount, classesByWord } from './word-classes.ts'

/** Places for hashed features, then one for each ordered pair of word classes. */
const buckets = 1 << 17
export const featureCount = buckets + classCount * classCount

/** Letters at a word's beginning that are a feature as well, whatever its ending. */
const stemLength = 5

/** Words apart that the two of a pair may stand. */
const pairDistance = 7

/** FNV-1a's, as a signed integer: hashes stay in registers so. */
const basis = 0x811c9dc5 | 0
const prime = 0x01000193
const stir = (hash: number, value: number) => Math.imul(hash ^ value, prime)
const hashOf = (word: string) => [...word].reduce((hash, character) => stir(hash, character.charCodeAt(0)), basis)
const place = (hash: number) => (hash ^ (hash >>> 15)) & (buckets - 1)

const classesByHash = new Map([...classesByWord].map(([word, classes]) => [hashOf(word), classes]))

/** Marks the low bits of those hashes: most words are told from them by one look, without the map. */
const lowBits = 0x3fff
const mayHaveClasses = new Uint8Array(lowBits + 1)
for (const hash of classesByHash.keys()) mayHaveClasses[hash & lowBits] = 1

const borderCode = border.charCodeAt(0)

const between = 0
const letter = 1
/** A word by itself: Han and kana, and the punctuation that marks questions, quotes, roles and markup. */
const single = 2

const kinds = (() => {
  const table = new Uint8Array(65_536).fill(letter, 0xc0)
  for (const [first, last] of [
    [48, 57],
    [95, 95],
    [97, 122],
    [0xaa, 0xba],
  ] as const)
    table.fill(letter, first, last + 1)
  for (const [first, last] of [
    [0x2000, 0x2bff],
    [0x3000, 0x303f],
    [0xfe00, 0xfe6f],
    [0xff00, 0xffef],
  ] as const)
    table.fill(between, first, last + 1)
  table.fill(single, 0x3040, 0xa000)
  for (const mark of '?!:"<>|#[{') table[mark.charCodeAt(0)] = single
  return table
})()

/** What is read of a text: features as they come, and where a word is over, to which those since the last belong. */
export type Reader = { feature(index: number): void; word(): void; border(): void }

/**
 * Reads a text's features in one pass: words, pairs and triples of neighbours, beginnings of words, and pairs of
 * word classes near one another, in order. Each is given as often as it occurs. Linear.
 */
export const readFeatures = (text: string, reader: Reader) => {
  const lower = text.toLowerCase()
  const seenAt = new Int32Array(classCount).fill(-pairDistance - 1)
  let count = 0
  let previous = basis
  let beforeThat = basis

  const addClasses = (classes: number) => {
    for (let rest = classes; rest !== 0; rest &= rest - 1) {
      const later = 31 - Math.clz32(rest & -rest)
      for (let earlier = 0; earlier < classCount; earlier++)
        if (count - (seenAt[earlier] ?? 0) <= pairDistance) reader.feature(buckets + earlier * classCount + later)
    }
    for (let rest = classes; rest !== 0; rest &= rest - 1) seenAt[31 - Math.clz32(rest & -rest)] = count
  }

  const endWord = (hash: number) => {
    reader.feature(place(hash))
    reader.feature(place(stir(previous, hash)))
    reader.feature(place(stir(stir(beforeThat, previous), hash)))
    if (mayHaveClasses[hash & lowBits] === 1) addClasses(classesByHash.get(hash) ?? 0)
    beforeThat = previous
    previous = hash
    count++
    reader.word()
  }

  const endText = () => {
    previous = beforeThat = basis
    seenAt.fill(-pairDistance - 1)
    reader.border()
  }

  let hash = basis
  let length = 0
  for (let i = 0; i < lower.length; i++) {
    const code = lower.charCodeAt(i)
    const kind = kinds[code]
    if (kind === letter) {
      hash = stir(hash, code)
      if (++length === stemLength) reader.feature(place(stir(hash, stemLength)))
      continue
    }
    if (length > 0) endWord(hash)
    hash = basis
    length = 0
    if (kind === single) endWord(stir(basis, code))
    else if (code === borderCode) endText()
  }
  if (length > 0) endWord(hash)
}

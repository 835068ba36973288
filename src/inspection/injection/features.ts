import { border as textBorder } from '../detectors/detector.ts'
import { forget, unitsOf } from '../units.ts'
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

/** What a unit is, in the bits above those of its lower case. */
const letter = 1 << 16
/** A word by itself: Han and kana, and the punctuation that marks questions, quotes, roles and markup. */
const single = 2 << 16
const border = 4 << 16
const between = 0
const codeMask = 0xffff

/** Of each unit its lower case and what it is. */
const readings = (() => {
  const kinds = new Int32Array(65_536).fill(letter, 0xc0)
  for (const [first, last] of [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
    [0xaa, 0xba],
  ] as const)
    kinds.fill(letter, first, last + 1)
  for (const [first, last] of [
    [0x2000, 0x2bff],
    [0x3000, 0x303f],
    [0xfe00, 0xfe6f],
    [0xff00, 0xffef],
  ] as const)
    kinds.fill(between, first, last + 1)
  kinds.fill(single, 0x3040, 0xa000)
  for (const mark of '?!:"<>|#[{') kinds[mark.charCodeAt(0)] = single
  kinds[textBorder.charCodeAt(0)] = border
  return kinds.map((kind, code) => kind | String.fromCharCode(code).toLowerCase().charCodeAt(0))
})()

/**
 * What is read of a text: of each word its features, in a column that is filled again for the next, and each border.
 */
export type Reader = { word(features: Int32Array, count: number): void; border(): void }

/** A word's beginning, itself, a pair and a triple; then at most one for each pair of classes. */
const features = new Int32Array(4 + classCount * classCount)

/** Where each class was seen last. Filled again for each text. */
const seenAt = new Int32Array(classCount)
const never = -pairDistance - 1

/** Adds the pairs of classes that a word ends, and returns how many features it then has. */
const addPairs = (classes: number, count: number, from: number) => {
  let filled = from
  for (let rest = classes; rest !== 0; rest &= rest - 1) {
    const later = 31 - Math.clz32(rest & -rest)
    for (let earlier = 0; earlier < classCount; earlier++)
      if (count - (seenAt[earlier] ?? 0) <= pairDistance) features[filled++] = buckets + earlier * classCount + later
  }
  for (let rest = classes; rest !== 0; rest &= rest - 1) seenAt[31 - Math.clz32(rest & -rest)] = count
  return filled
}

/**
 * Reads a text's features in one pass: words, pairs and triples of neighbours, beginnings of words, and pairs of
 * word classes near one another, in order. Each is given as often as it occurs. Linear.
 */
export const readFeatures = (text: string, reader: Reader) => {
  const units = unitsOf(text)
  const end = text.length
  let count = 0
  let previous = basis
  let beforeThat = basis
  let hash = basis
  let length = 0
  let filled = 0
  seenAt.fill(never)
  for (let i = 0; i < end || length > 0; ) {
    const reading = i < end ? (readings[units[i] ?? 0] ?? 0) : between
    if ((reading & letter) !== 0) {
      i++
      hash = stir(hash, reading & codeMask)
      if (++length === stemLength) features[filled++] = place(stir(hash, stemLength))
      continue
    }
    // What ends a word is looked at again after it.
    if (length === 0) {
      i++
      if ((reading & border) !== 0) {
        previous = beforeThat = basis
        seenAt.fill(never)
        reader.border()
      }
      if ((reading & single) === 0) continue
      hash = stir(basis, reading & codeMask)
    }
    features[filled++] = place(hash)
    features[filled++] = place(stir(previous, hash))
    features[filled++] = place(stir(stir(beforeThat, previous), hash))
    if (mayHaveClasses[hash & lowBits] === 1) filled = addPairs(classesByHash.get(hash) ?? 0, count, filled)
    beforeThat = previous
    previous = hash
    count++
    reader.word(features, filled)
    hash = basis
    length = filled = 0
  }
  forget(units, end)
}

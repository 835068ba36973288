import type { Units } from '../units.ts'
import { kindOf, toLower, unit } from './characters.ts'
import { hashAdd, hashStart, hashWord, spread } from './hash.ts'
import { anyName, known } from './lexicon.ts'
import { isCapitalised, shape, style, type Tokens } from './tokens.ts'

export const weightCount = 1 << 20
const indexShift = 12

/** Features of one token at most. */
export const featureCapacity = 40

/** Words within names that are written small. Source: the nobiliary and family-name particles of European and Arabic names. */
const particles = new Set(
  'van der den de da do dos das di del della des du la le von zu zum zur ten ter vom bin ibn bint al el y e af av san abu'
    .split(' ')
    .map(hashWord),
)

const comma = 44
const hyphen = 45

const longestName = 30

const conjunctions = new Set(['and', 'or'].map(hashWord))

/** True between items: `Ann, Bob, Carl` is no `Last, First`. */
const isInList = ({ count, hash, shape: shapes }: Tokens, i: number) => {
  if (i >= 2 && hash[i - 2] === comma) return true
  if (i + 2 >= count) return false
  return conjunctions.has(hash[i + 2] ?? 0) || (hash[i + 2] === comma && isCapitalised(shapes[i + 3] ?? 0))
}

/** A particle beside a word with a capital, or where nothing has one. */
const isParticle = ({ shape: shapes, style: styles, hash }: Tokens, i: number) =>
  (isCapitalised(shapes[i - 1] ?? 0) || isCapitalised(shapes[i + 1] ?? 0) || styles[i] === style.uncapitalised) &&
  i > 0 &&
  particles.has(hash[i] ?? 0)

/** False for tokens that no name can hold: most of a text, for which no features need be read. */
export const isCandidate = (tokens: Tokens, i: number) => {
  const kind = tokens.shape[i] ?? 0
  if (kind === shape.sign) return isInner(tokens, i) && isWordOfName(tokens, i - 1) && isWordOfName(tokens, i + 1)
  return isWordOfName(tokens, i) || (kind === shape.lower && isParticle(tokens, i))
}

/** `The`, `Write`, `In` at the start of a sentence that goes on in small letters: the most frequent capital of all. */
const isOpening = ({ classes, opens, shape: shapes }: Tokens, i: number) =>
  opens[i] === 1 &&
  shapes[i] === shape.title &&
  ((classes[i] ?? 0) & (known.common | known.word)) !== 0 &&
  ((classes[i] ?? 0) & anyName) === 0 &&
  shapes[i + 1] === shape.lower

/** True for a word that can be a name alone: no initial, and no particle. */
export const standsAlone = ({ hash, shape: shapes }: Tokens, i: number) => {
  const kind = shapes[i] ?? 0
  return kind !== shape.initial && (kind !== shape.lower || !particles.has(hash[i] ?? 0))
}

/** Signs that a name can hold: `Smith, John`, `Jean-Pierre`. */
const isInner = (tokens: Tokens, i: number) =>
  i > 0 && (tokens.hash[i] === hyphen || (tokens.hash[i] === comma && !isInList(tokens, i)))

const isWordOfName = (tokens: Tokens, i: number) => {
  if (i >= tokens.count) return false
  const kind = tokens.shape[i] ?? 0
  const length = (tokens.end[i] ?? 0) - (tokens.start[i] ?? 0)
  if (length > longestName) return false
  if (isCapitalised(kind)) return !isOpening(tokens, i)
  if (kind !== shape.lower || length < 2 || tokens.style[i] === style.code) return false
  const classes = tokens.classes[i] ?? 0
  if (tokens.style[i] === style.uncapitalised)
    return (classes & known.common) === 0 || (classes & (known.first | known.last)) !== 0
  return (classes & anyName) !== 0 && (classes & (known.common | known.word)) === 0
}

/** What touches a token: 0 for a space, 1 for the edge of the text, 2 for a line break, else the sign or a kind of letter. */
const touching = (units: Units, at: number) => {
  const code = at < 0 ? 0 : (units[at] ?? 0)
  if (code === 0) return 1
  const kind = kindOf(code)
  if (kind === unit.space) return 0
  if (kind === unit.newline) return 2
  return kind === unit.sign || kind === unit.apostrophe ? toLower(code) : 0x1_0000 + kind
}

/** The hash of the head or tail of a word. */
const lettersOf = (units: Units, from: number, to: number) => {
  let hash = hashStart
  for (let i = from; i < to; i++) hash = hashAdd(hash, toLower(units[i] ?? 0))
  return hash
}

/** Features known by one token alone, kept apart so that training can hide what a rare name would not have. */
export const ownWordFeatures = 6

/** Writes the indices of the weights of token `i`, those of the word itself first, and returns how many they are. */
export const readFeatures = (tokens: Tokens, i: number, into: Int32Array): number => {
  let count = 0
  const add = (template: number, a: number, b: number, c: number) => {
    const hash = Math.imul(template, 0x9e3779b1) ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b + 0x51ed27, 0xc2b2ae35)
    into[count++] = spread(hash ^ Math.imul(c + 0x2c1b3c, 0x27d4eb2f)) >>> indexShift
  }
  const { units, hash, classes } = tokens
  const wordAt = (at: number) => (at < 0 || at >= tokens.count ? -1 : (hash[at] ?? 0))
  const shapeAt = (at: number) => (at < 0 || at >= tokens.count ? 15 : (tokens.shape[at] ?? 0))
  const classesAt = (at: number) => (at < 0 || at >= tokens.count ? 0 : (classes[at] ?? 0))
  const form = (shapeAt(i) << 3) | (tokens.style[i] ?? 0)
  const own = classesAt(i)
  const previous = wordAt(i - 1)
  const next = wordAt(i + 1)
  const opens = tokens.opens[i] ?? 0
  const start = tokens.start[i] ?? 0
  const end = tokens.end[i] ?? 0
  const before = touching(units, start - 1)
  const after = touching(units, end)
  const kindBefore = (shapeAt(i - 1) << 6) | classesAt(i - 1)
  const kindAfter = (shapeAt(i + 1) << 6) | classesAt(i + 1)

  add(1, wordAt(i), 0, 0)
  add(2, wordAt(i), form, opens)
  add(3, lettersOf(units, start, Math.min(start + 3, end)), form, 0)
  add(4, lettersOf(units, Math.max(end - 2, start), end), form, 0)
  add(5, lettersOf(units, Math.max(end - 3, start), end), form, 0)
  add(6, lettersOf(units, Math.max(end - 4, start), end), form, 0)

  add(10, form, 0, 0)
  add(11, form, own, opens)
  add(12, own, form, kindBefore)
  add(13, own, form, kindAfter)
  add(14, form, kindBefore, kindAfter)
  add(15, previous, form, 0)
  add(16, next, form, 0)
  add(17, previous, own, form)
  add(18, next, own, form)
  add(19, wordAt(i - 2), form, 0)
  add(20, wordAt(i + 2), form, 0)
  add(21, previous, wordAt(i - 2), form >> 3)
  add(22, next, wordAt(i + 2), form >> 3)
  add(23, previous, next, form >> 3)
  add(24, before, after, form)
  add(25, before, own, form)
  add(26, after, own, form)
  add(27, (shapeAt(i - 2) << 4) | shapeAt(i - 1), (shapeAt(i + 1) << 4) | shapeAt(i + 2), form)
  add(28, classesAt(i - 2), classesAt(i + 2), own)
  add(29, Math.min(end - start, 12), own, form)
  add(30, previous, kindAfter, form)
  add(31, next, kindBefore, form)
  add(32, wordAt(i - 3), form, 0)
  add(33, wordAt(i + 3), form, 0)
  return count
}

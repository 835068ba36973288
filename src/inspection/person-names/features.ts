import type { Units } from '../units.ts'
import { kindOf, toLower, unit } from './characters.ts'
import { hashAdd, hashStart, hashWord, spread } from './hash.ts'
import { anyName, classBits, known } from './lexicon.ts'
import { factAt, factCount, templates } from './templates.ts'
import { isCapitalised, shape, style, type Tokens } from './tokens.ts'

export const weightCount = 1 << 20
const indexShift = 12

/** Features of one token at most. */
export const featureCapacity = 40

/**
 * Words within names that are written small. Source: the nobiliary and family-name particles of European and Arabic
 * names.
 */
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
  i > 0 &&
  (isCapitalised(shapes[i - 1] ?? 0) || isCapitalised(shapes[i + 1] ?? 0) || styles[i] === style.uncapitalised) &&
  particles.has(hash[i] ?? 0)

/** False for tokens that no name can hold: most of a text, for which no features need be read. */
export const isCandidate = (tokens: Tokens, i: number) => {
  const kind = tokens.shape[i] ?? 0
  if (kind === shape.lower) return isWordOfName(tokens, i) || isParticle(tokens, i)
  if (kind === shape.sign) return isInner(tokens, i) && isWordOfName(tokens, i - 1) && isWordOfName(tokens, i + 1)
  return isWordOfName(tokens, i)
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

/** 1 for the classes of words in small letters that can be of a name, by the style around them. */
const smallNames = new Uint8Array(8 << classBits)
for (let classes = 0; classes < 1 << classBits; classes++) {
  const isName = (classes & anyName) !== 0 && (classes & (known.common | known.word)) === 0
  for (const around of [style.normal, style.headline, style.capitals])
    smallNames[(around << classBits) | classes] = Number(isName)
  smallNames[(style.uncapitalised << classBits) | classes] = Number(
    (classes & known.common) === 0 || (classes & (known.first | known.last)) !== 0,
  )
}

const isWordOfName = (tokens: Tokens, i: number) => {
  if (i >= tokens.count) return false
  const kind = tokens.shape[i] ?? 0
  const length = (tokens.end[i] ?? 0) - (tokens.start[i] ?? 0)
  // Most words are written small, and of no class that a name has.
  if (kind === shape.lower)
    return (
      smallNames[((tokens.style[i] ?? 0) << classBits) | (tokens.classes[i] ?? 0)] === 1 &&
      length > 1 &&
      length <= longestName
    )
  return isCapitalised(kind) && length <= longestName && !isOpening(tokens, i)
}

/**
 * What touches a token: 0 for a space, 1 for the edge of the text, 2 for a line break, else the sign or a kind of
 * letter.
 */
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

/** Columns of the templates: how each hash begins, and where the facts are that go into it. */
const numbers = Int32Array.from(templates, ([number]) => Math.imul(number, 0x9e3779b1))
const firsts = Uint8Array.from(templates, ([, first]) => factAt[first])
const seconds = Uint8Array.from(templates, ([, , second = 'none']) => factAt[second])
const thirds = Uint8Array.from(templates, ([, , , third = 'none']) => factAt[third])

const featureCount = templates.length
const at = factAt

/** The facts of one token, filled again for each. */
const facts = new Int32Array(factCount)

/**
 * What stands outside a segment. Functions of their own, as closures for each token would cost more than what they look
 * up.
 */
const wordAt = (words: Int32Array, i: number, count: number) => (i < 0 || i >= count ? -1 : (words[i] ?? 0))
const shapeAt = (shapes: Uint8Array, i: number, count: number) => (i < 0 || i >= count ? 15 : (shapes[i] ?? 0))
const classesAt = (classes: Uint8Array, i: number, count: number) => (i < 0 || i >= count ? 0 : (classes[i] ?? 0))

const readFacts = (tokens: Tokens, i: number) => {
  const { units, count, hash, classes, shape: shapes } = tokens
  const start = tokens.start[i] ?? 0
  const end = tokens.end[i] ?? 0
  const own = shapes[i] ?? 0
  const before = shapeAt(shapes, i - 1, count)
  const after = shapeAt(shapes, i + 1, count)
  facts[at.word] = hash[i] ?? 0
  facts[at.head] = lettersOf(units, start, Math.min(start + 3, end))
  facts[at.tail2] = lettersOf(units, Math.max(end - 2, start), end)
  facts[at.tail3] = lettersOf(units, Math.max(end - 3, start), end)
  facts[at.tail4] = lettersOf(units, Math.max(end - 4, start), end)
  facts[at.shape] = own
  facts[at.form] = (own << 3) | (tokens.style[i] ?? 0)
  facts[at.own] = classes[i] ?? 0
  facts[at.opens] = tokens.opens[i] ?? 0
  facts[at.length] = Math.min(end - start, 12)
  facts[at['word-3']] = wordAt(hash, i - 3, count)
  facts[at['word-2']] = wordAt(hash, i - 2, count)
  facts[at['word-1']] = wordAt(hash, i - 1, count)
  facts[at['word+1']] = wordAt(hash, i + 1, count)
  facts[at['word+2']] = wordAt(hash, i + 2, count)
  facts[at['word+3']] = wordAt(hash, i + 3, count)
  facts[at.before] = touching(units, start - 1)
  facts[at.after] = touching(units, end)
  facts[at['kind-1']] = (before << 6) | classesAt(classes, i - 1, count)
  facts[at['kind+1']] = (after << 6) | classesAt(classes, i + 1, count)
  facts[at['classes-2']] = classesAt(classes, i - 2, count)
  facts[at['classes+2']] = classesAt(classes, i + 2, count)
  facts[at.shapesBefore] = (shapeAt(shapes, i - 2, count) << 4) | before
  facts[at.shapesAfter] = (after << 4) | shapeAt(shapes, i + 2, count)
}

/** Writes the indices of the weights of token `i`, those of the word itself first, and returns how many they are. */
export const readFeatures = (tokens: Tokens, i: number, into: Int32Array): number => {
  readFacts(tokens, i)
  for (let k = 0; k < featureCount; k++) {
    const first = Math.imul(facts[firsts[k] ?? 0] ?? 0, 0x85ebca6b)
    const second = Math.imul((facts[seconds[k] ?? 0] ?? 0) + 0x51ed27, 0xc2b2ae35)
    const third = Math.imul((facts[thirds[k] ?? 0] ?? 0) + 0x2c1b3c, 0x27d4eb2f)
    into[k] = spread((numbers[k] ?? 0) ^ first ^ second ^ third) >>> indexShift
  }
  return featureCount
}

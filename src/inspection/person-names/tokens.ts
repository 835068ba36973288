import type { Units } from '../units.ts'
import { bitOf, kindOf, lowerOfReading, readings, signTable, unit } from './characters.ts'
import { hashStart, hashWord, spread } from './hash.ts'
import { classesOf, readClasses, unread } from './lexicon.ts'

/** Tokens that are read and tagged together. A line break past the soft limit ends a segment. */
export const capacity = 256
const softLimit = 160

export const shape = {
  sign: 0,
  number: 1,
  lower: 2,
  title: 3,
  capitals: 4,
  initial: 5,
  mixed: 6,
  opaque: 7,
  newline: 8,
} as const

/** How the words around a token are written. */
export const style = { normal: 0, uncapitalised: 1, headline: 2, capitals: 3, code: 4 } as const

/** A segment of this many tokens, of which one in four is a sign of `codeSigns`, is code or data. */
const shortestCode = 30
const codeShare = 0.25
const codeSigns = signTable('{}[]()<>=;:/\\|*+&#$"')

/** Written as names are: `Anna`, `ANNA`, `A`, `McKay`. */
export const isCapitalised = (kind: number) => kind >= shape.title && kind <= shape.mixed

/**
 * 1 for shapes that show that a text has capitals. `I` and initials say nothing: they are written so in chat without,
 * too.
 */
const capitalised = Uint8Array.from(Object.values(shape), kind => Number(isCapitalised(kind) && kind !== shape.initial))

/** Words that a full stop belongs to, so that it ends no sentence. */
const abbreviations = new Set(
  'mr mrs ms mx dr prof st jr sr rev hon capt lt col gen sgt sen rep gov pres fr sra mme mlle messrs vs no dept mt'
    .split(' ')
    .map(hashWord),
)

/** How names with a capital inside begin; `PathBuf` is none. */
const prefixed = /^(?:Ma?c|De|Di|Du|La|Le|Fitz|[OD]')\p{Lu}/u

/** How far into a run without spaces an `@` or `://` is looked for: RFC 5321 allows 254 units before the end. */
const lookahead = 256

/** What is imported is looked up at each use, which hot loops would pay for at each unit. */
const table = readings
const lowerMask = 0xffff
const hashBasis = hashStart
const hashPrime = 0x01000193

const fullStop = 46
const at = 64
const slash = 47
const colon = 58
const letterS = 115
const openingParenthesis = 40
const openingBracket = 91
const sentenceEnds = signTable('.!?')
const openingSigns = signTable('"\'(')
const lower = bitOf(unit.lower)
const upper = bitOf(unit.upper)
const digitShift = 31 - Math.clz32(bitOf(unit.digit))
const apostrophe = bitOf(unit.apostrophe)
const cased = lower | upper
/** Digits, and letters without case: a word with one in it is in no list. */
const uncased = bitOf(unit.digit) | bitOf(unit.caseless)
const inWord = cased | uncased
const space = bitOf(unit.space)
const blank = space | bitOf(unit.newline)
/** What after a word can tell something of it: most words have none. */
const marks = signTable('.:([')
/** The kinds of a word's units, whether it begins with a capital, and whether it has two. */
const shapeIndex = (first: number, seen: number, seenTwice: number) =>
  ((seen & inWord) >> digitShift) | ((first & upper) >> 17) | ((seenTwice & upper) >> 16)
const shapeOf = Uint8Array.from({ length: 64 }, (_, index) => {
  const has = (bit: number) => (index & (bit >> digitShift)) !== 0
  const [firstIsUpper, twoUppers] = [(index & 16) !== 0, (index & 32) !== 0]
  if (has(uncased)) return has(cased) ? shape.opaque : shape.number
  if (!has(upper)) return shape.lower
  if (!twoUppers && firstIsUpper) return has(lower) ? shape.title : shape.initial
  if (!has(lower)) return shape.capitals
  return firstIsUpper ? shape.mixed : shape.opaque
})
/** End the run of units in which an address is looked for. */
const delimiters = signTable('<>"(),;[]{}|\0 \n\r\t')

const noUnits: Units = new Uint16Array(0)

/** Columns of a segment's tokens. One instance is filled again for each segment of each text. */
export class Tokens {
  count = 0
  /** Where the next segment starts. */
  next = 0
  length = 0
  units: Units = noUnits
  readonly start = new Int32Array(capacity)
  readonly end = new Int32Array(capacity)
  /** Of the word in lower case. */
  readonly hash = new Int32Array(capacity)
  readonly shape = new Uint8Array(capacity)
  readonly style = new Uint8Array(capacity)
  readonly classes = new Uint8Array(capacity)
  /** 1 at the start of a sentence or line. */
  readonly opens = new Uint8Array(capacity)
  readonly #lexicon: Uint16Array
  readonly #slots = new Uint16Array(capacity)
  #mayHoldAddress = false
  /** Of the next token. */
  #opens = 0
  #capitalised = 0
  #codeSigns = 0

  constructor(lexicon: Uint16Array) {
    this.#lexicon = lexicon
  }

  open(text: string, units: Units) {
    this.next = 0
    this.length = text.length
    this.units = units
    this.#mayHoldAddress = text.includes('@') || text.includes('://')
  }

  close() {
    this.units = noUnits
  }

  /** Reads the next segment, or returns false at the end. Linear: each unit is read at most twice. */
  read(): boolean {
    if (this.next >= this.length) return false
    const { units, length } = this
    this.count = this.#capitalised = this.#codeSigns = 0
    this.#opens = 1
    let i = this.next
    let runEnd = this.#mayHoldAddress ? i : length
    while (i < length && this.count < capacity) {
      const code = units[i] ?? 0
      const reading = table[code] ?? 0
      if ((reading & blank) !== 0) {
        if ((reading & space) !== 0) {
          i++
          continue
        }
        i = this.#readNewline(i)
        if (this.count > softLimit) break
        continue
      }
      if (code === 0) {
        i++
        if (this.count > 0) break
        continue
      }
      if (i >= runEnd) {
        const opaqueEnd = this.#endOfOpaque(i)
        if (opaqueEnd > 0) {
          this.#add(i, opaqueEnd, shape.opaque, shape.opaque, 0)
          i = opaqueEnd
          continue
        }
        runEnd = -opaqueEnd
      }
      i = (reading & inWord) === 0 ? this.#readSign(i, code) : this.#readWord(i)
    }
    this.next = i
    readClasses(this.#lexicon, this, this.#slots)
    this.#markStyles()
    return true
  }

  #add(start: number, end: number, hash: number, kind: number, classes: number) {
    const i = this.count++
    this.start[i] = start
    this.end[i] = end
    this.hash[i] = hash
    this.shape[i] = kind
    this.classes[i] = classes
    this.opens[i] = this.#opens
    this.#opens = 0
    this.#capitalised += capitalised[kind] ?? 0
  }

  #readNewline(from: number) {
    let i = from + 1
    while (kindOf(this.units[i] ?? 0) === unit.newline) i++
    this.#add(from, i, unit.newline, shape.newline, 0)
    this.#opens = 1
    return i
  }

  /** The end of an address, handle or URL that starts here; else, negated, the end of the run to look at next. */
  #endOfOpaque(from: number) {
    const { units, length } = this
    let opaque = false
    let i = from
    for (; i < length && (opaque || i < from + lookahead); i++) {
      const code = units[i] ?? 0
      if (delimiters[code] === 1) break
      if (code === at && i + 1 < length) opaque ||= kindOf(units[i + 1] ?? 0) >= unit.digit
      else if (code === colon && units[i + 1] === slash && units[i + 2] === slash) opaque = true
    }
    return opaque ? i : -Math.max(i, from + 1)
  }

  /** One sign, or a run of the same. After `.`, `!` and `?` a sentence begins, if need be with a quotation mark. */
  #readSign(from: number, code: number) {
    let i = from + 1
    while (this.units[i] === code) i++
    const isRun = i - from > 1
    const opens = this.#opens
    this.#add(from, i, isRun ? code + 0x1_0000 : code, shape.sign, 0)
    this.#codeSigns += codeSigns[code] ?? 0
    if (!isRun) this.#opens = (sentenceEnds[code] ?? 0) | ((openingSigns[code] ?? 0) & opens)
    return i
  }

  #readWord(from: number) {
    const { units } = this
    let hash = hashBasis
    let seen = 0
    let seenTwice = 0
    let i = from
    let reading = table[units[i] ?? 0] ?? 0
    const first = reading
    do {
      do {
        seenTwice |= seen & reading
        seen |= reading
        hash = Math.imul(hash ^ (reading & lowerMask), hashPrime)
        reading = table[units[++i] ?? 0] ?? 0
      } while ((reading & inWord) !== 0)
    } while ((reading & apostrophe) !== 0 && joins(units, i))
    hash = spread(hash)
    const mayBeListed = (seen & uncased) === 0
    let kind = shapeOf[shapeIndex(first, seen, seenTwice)] ?? 0
    if (kind === shape.mixed && !this.#isName(from, hash)) kind = shape.opaque
    if (marks[units[i] ?? 0] === 1) {
      if (isCalled(units, i)) kind = shape.opaque
      if (units[i] === fullStop && mayBeListed && takesFullStop(kind, hash)) i++
    }
    this.#add(from, i, hash, kind, mayBeListed ? unread : 0)
    return i
  }

  /** Tells `McKay` from `PathBuf`. */
  #isName(from: number, hash: number) {
    return (
      classesOf(this.#lexicon, hash) !== 0 || prefixed.test(String.fromCharCode(...this.units.subarray(from, from + 5)))
    )
  }

  #markStyles() {
    const { count, shape: shapes, style: styles } = this
    const whole = this.#styleOfSegment()
    styles.fill(whole, 0, count)
    if (whole !== style.normal) return
    let line = 0
    let tally = 0
    for (let i = 0; i <= count; i++) {
      if (i < count && shapes[i] !== shape.newline) {
        tally += tallies[shapes[i] ?? 0] ?? 0
        continue
      }
      const own = styleOfLine(tally)
      if (own !== style.normal) styles.fill(own, line, i + 1)
      line = i + 1
      tally = 0
    }
  }

  #styleOfSegment() {
    if (this.count >= shortestCode && this.#codeSigns >= this.count * codeShare) return style.code
    return this.#capitalised === 0 ? style.uncapitalised : style.normal
  }
}

/** Words of a line in small letters, in title case and in capitals, counted in one number. */
const countBits = 10
const countMask = (1 << countBits) - 1
const tallies = new Int32Array(Object.keys(shape).length)
tallies[shape.lower] = 1
tallies[shape.title] = 1 << countBits
tallies[shape.capitals] = 1 << (2 * countBits)

const styleOfLine = (tally: number) => {
  const titles = (tally >> countBits) & countMask
  const capitals = tally >> (2 * countBits)
  const words = (tally & countMask) + titles + capitals
  if (words >= 3 && capitals >= words * 0.8) return style.capitals
  return words >= 4 && titles + capitals >= words * 0.7 ? style.headline : style.normal
}

/** An apostrophe within a name or a contraction, but not that of a possessive. */
const joins = (units: Units, i: number) => {
  const next = table[units[i + 1] ?? 0] ?? 0
  if ((next & cased) === 0) return false
  return lowerOfReading(next) !== letterS || ((table[units[i + 2] ?? 0] ?? 0) & cased) !== 0
}

/** Initials and abbreviations do. */
const takesFullStop = (kind: number, hash: number) => kind === shape.initial || abbreviations.has(hash)

/**
 * Followed as only code is: `name(`, `name[0]`, `name::`, `name.member`. An initial takes its full stop, so it is none.
 */
const isCalled = (units: Units, end: number) => {
  const next = units[end]
  if (next === openingParenthesis || next === openingBracket) return true
  if (next === colon) return units[end + 1] === colon
  return next === fullStop && kindOf(units[end + 1] ?? 0) === unit.lower
}

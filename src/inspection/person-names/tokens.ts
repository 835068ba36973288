import { lowerAt, signTable, unit, unitAt } from './characters.ts'
import { hashAdd, hashStart, hashWord, spread } from './hash.ts'
import { classesOf } from './lexicon.ts'

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

const fullStop = 46
const at = 64
const slash = 47
const colon = 58
const letterS = 115
const openingParenthesis = 40
const openingBracket = 91
const sentenceEnds = signTable('.!?')
const openingSigns = signTable('"\'(')
/** End the run of units in which an address is looked for. */
const delimiters = signTable('<>"(),;[]{}|\0 \n\r\t')

/** Columns of a segment's tokens. One instance is filled again for each segment. */
export class Tokens {
  count = 0
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

  constructor(lexicon: Uint16Array) {
    this.#lexicon = lexicon
  }

  /** Reads a segment from `from` on and returns where the next one starts. Linear: each unit is read at most twice. */
  read(text: string, from: number): number {
    this.count = 0
    let i = from
    let runEnd = from
    while (i < text.length && this.count < capacity) {
      const kind = unitAt(text, i)
      if (kind === unit.space) i++
      else if (kind === unit.newline) {
        i = this.#readNewline(text, i)
        if (this.count > softLimit) break
      } else if (text.charCodeAt(i) === 0) {
        i++
        if (this.count > 0) break
      } else {
        if (i >= runEnd) {
          const opaqueEnd = this.#endOfOpaque(text, i)
          if (opaqueEnd > 0) {
            this.#add(i, opaqueEnd, shape.opaque, shape.opaque)
            i = opaqueEnd
            continue
          }
          runEnd = -opaqueEnd
        }
        i = kind === unit.sign || kind === unit.apostrophe ? this.#readSign(text, i) : this.#readWord(text, i)
      }
    }
    this.#markStyles()
    return i
  }

  #add(start: number, end: number, hash: number, kind: number) {
    const i = this.count++
    const before = i - 1
    this.start[i] = start
    this.end[i] = end
    this.hash[i] = hash
    this.shape[i] = kind
    this.classes[i] = 0
    this.opens[i] = i === 0 || this.shape[before] === shape.newline || this.#endsSentence(before) ? 1 : 0
    return i
  }

  /** `.`, `!` and `?`, and a quotation mark or parenthesis that opens a sentence itself. */
  #endsSentence(i: number) {
    if (this.shape[i] !== shape.sign) return false
    const sign = this.hash[i] ?? 0
    return sentenceEnds[sign] === 1 || (openingSigns[sign] === 1 && this.opens[i] === 1)
  }

  #readNewline(text: string, from: number) {
    let i = from + 1
    while (i < text.length && unitAt(text, i) === unit.newline) i++
    this.#add(from, i, unit.newline, shape.newline)
    return i
  }

  /** The end of an address, handle or URL that starts here; else, negated, the end of the run to look at next. */
  #endOfOpaque(text: string, from: number) {
    let opaque = false
    let i = from
    for (; i < text.length && (opaque || i < from + lookahead); i++) {
      const code = text.charCodeAt(i)
      if (delimiters[code] === 1) break
      if (code === at && i + 1 < text.length) opaque ||= unitAt(text, i + 1) >= unit.digit
      else if (code === colon && text.charCodeAt(i + 1) === slash && text.charCodeAt(i + 2) === slash) opaque = true
    }
    return opaque ? i : -Math.max(i, from + 1)
  }

  /** One sign, or a run of the same. */
  #readSign(text: string, from: number) {
    const code = text.charCodeAt(from)
    let i = from + 1
    while (i < text.length && text.charCodeAt(i) === code) i++
    this.#add(from, i, i - from > 1 ? code + 0x1_0000 : code, shape.sign)
    return i
  }

  #readWord(text: string, from: number) {
    let hash = hashStart
    let [uppers, lowers, others] = [0, 0, 0]
    let i = from
    for (; i < text.length; i++) {
      const kind = unitAt(text, i)
      if (kind === unit.upper) uppers++
      else if (kind === unit.lower) lowers++
      else if (kind === unit.apostrophe) {
        if (!this.#joins(text, i)) break
      } else if (kind === unit.digit || kind === unit.caseless) others++
      else break
      hash = hashAdd(hash, lowerAt(text, i))
    }
    const firstIsUpper = unitAt(text, from) === unit.upper
    const kind = isCalled(text, i) ? shape.opaque : shapeOf(firstIsUpper, uppers, lowers, others)
    const token = this.#add(from, i, spread(hash), kind)
    if (others > 0) return i
    this.classes[token] = classesOf(this.#lexicon, this.hash[token] ?? 0)
    if (kind === shape.mixed && this.classes[token] === 0 && !prefixed.test(text.slice(from, from + 5)))
      this.shape[token] = shape.opaque
    if (text.charCodeAt(i) !== fullStop || !this.#takesFullStop(token)) return i
    this.end[token] = i + 1
    return i + 1
  }

  /** An apostrophe within a name or a contraction, but not that of a possessive. */
  #joins(text: string, i: number) {
    if (unitAt(text, i + 1) !== unit.lower && unitAt(text, i + 1) !== unit.upper) return false
    const afterNext = unitAt(text, i + 2)
    return lowerAt(text, i + 1) !== letterS || afterNext === unit.lower || afterNext === unit.upper
  }

  #takesFullStop(token: number) {
    return this.shape[token] === shape.initial || abbreviations.has(this.hash[token] ?? 0)
  }

  #markStyles() {
    const whole = this.#styleOfSegment()
    let line = 0
    for (let i = 0; i <= this.count; i++) {
      if (i < this.count && this.shape[i] !== shape.newline) continue
      this.style.fill(whole === style.normal ? this.#styleOfLine(line, i) : whole, line, i + 1)
      line = i + 1
    }
  }

  #styleOfSegment() {
    let [capitalised, signs] = [0, 0]
    for (let i = 0; i < this.count; i++) {
      const kind = this.shape[i] ?? 0
      // `I` and initials say nothing: they are written so in chat without capitals too.
      if (isCapitalised(kind) && kind !== shape.initial) capitalised++
      else if (kind === shape.sign && codeSigns[(this.hash[i] ?? 0) & 0xffff] === 1) signs++
    }
    if (this.count >= shortestCode && signs >= this.count * codeShare) return style.code
    return capitalised === 0 ? style.uncapitalised : style.normal
  }

  #styleOfLine(from: number, to: number) {
    let [lowers, titles, capitals] = [0, 0, 0]
    for (let i = from; i < to; i++) {
      const kind = this.shape[i]
      if (kind === shape.lower) lowers++
      else if (kind === shape.title) titles++
      else if (kind === shape.capitals) capitals++
    }
    const words = lowers + titles + capitals
    if (words >= 3 && capitals >= words * 0.8) return style.capitals
    return words >= 4 && titles + capitals >= words * 0.7 ? style.headline : style.normal
  }
}

const shapeOf = (firstIsUpper: boolean, uppers: number, lowers: number, others: number) => {
  if (others > 0) return uppers + lowers === 0 ? shape.number : shape.opaque
  if (uppers === 0) return shape.lower
  if (uppers === 1 && firstIsUpper) return lowers === 0 ? shape.initial : shape.title
  return lowers === 0 ? shape.capitals : firstIsUpper ? shape.mixed : shape.opaque
}

/** Followed as only code is: `name(`, `name[0]`, `name::`, `name.member`. An initial takes its full stop, so it is none. */
const isCalled = (text: string, end: number) => {
  const next = text.charCodeAt(end)
  if (next === openingParenthesis || next === openingBracket) return true
  if (next === colon) return text.charCodeAt(end + 1) === colon
  return next === fullStop && unitAt(text, end + 1) === unit.lower
}

/** Written as names are: `Anna`, `ANNA`, `A`, `McKay`. */
export const isCapitalised = (kind: number) => kind >= shape.title && kind <= shape.mixed

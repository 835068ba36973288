import { parseJson } from '../json.ts'
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  closingQuote,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  UNTERMINATED_ESCAPE,
} from './bytes.ts'
import { toUsage, type Usage } from './usage.ts'

/** No usage object comes near this size, in bytes. */
const largestUsage = 4096
const longestKey = 64

/** What the value after a key is to us. */
const PLAIN = 0
const USAGE = 1
const WRAPPER = 2

/** How `usage`, `response` and `x_…` begin. */
const firstBytes = new Set(Buffer.from('urx'))

const structural = new Uint8Array(256)
for (const byte of [QUOTE, COMMA, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET]) structural[byte] = 1

/**
 * Finds the usage object in one JSON text whose bytes come in pieces, and keeps the last that has figures. Only a
 * member `usage` of the outermost object counts, or of its members `response` (Responses API events) and `x_…` (vendor
 * extensions). Anything deeper is content: a tool's schema that is echoed back may well declare a `usage`.
 */
export class UsageFinder {
  /** The last usage that carried figures, in this text or one before. Null if there was none. */
  found: Usage | null = null
  #depth = 0
  #inString = false
  #escaped = false
  /** Whether the containers at depth 1 and 2, and the innermost one, are objects whose keys matter. */
  #outermost = false
  #wrapper = false
  #listening = false
  #keyExpected = false
  #inKey = false
  /** Start of a key that the previous piece cut off. */
  #keyStart = ''
  #next = PLAIN
  /** Depth around the usage object that is being collected, -1 if none is. */
  #around = -1
  #collected = ''

  /** Takes the next piece: the bytes from `from` up to `to`. */
  scan(bytes: Buffer, from: number, to: number): void {
    let i = from
    let collectFrom = from
    if (this.#escaped && i < to) {
      this.#escaped = false
      i++
    }
    while (i < to) {
      if (this.#inString) {
        const quote = closingQuote(bytes, i, to)
        const end = quote < 0 ? to : quote
        if (this.#inKey && end > i) this.#readKey(bytes, i, end)
        if (quote < 0) {
          this.#escaped = quote === UNTERMINATED_ESCAPE
          break
        }
        this.#inString = false
        if (this.#inKey) {
          this.#inKey = false
          this.#next = this.#meaning(this.#keyStart)
        }
        i = quote + 1
        continue
      }
      let byte = bytes[i] ?? 0
      while (structural[byte] === 0 && ++i < to) byte = bytes[i] ?? 0
      if (i < to) {
        if (byte === QUOTE) {
          this.#inString = true
          if (this.#keyExpected) {
            this.#inKey = true
            this.#keyExpected = false
            this.#keyStart = ''
          }
        } else if (byte === COMMA) {
          this.#keyExpected = this.#listening
          this.#next = PLAIN
        } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
          if (this.#next === USAGE && byte === OPEN_BRACE) {
            this.#around = this.#depth
            this.#collected = ''
            collectFrom = i
          }
          this.#enter(byte === OPEN_BRACE)
        } else if (this.#depth > 0) {
          this.#leave()
          if (this.#depth === this.#around) {
            this.#collect(bytes, collectFrom, i + 1)
            if (this.#around !== -1) this.#finish()
          }
        }
      }
      i++
    }
    if (this.#around !== -1) this.#collect(bytes, collectFrom, to)
  }

  /** True if the text so far ends inside a string. */
  get insideString(): boolean {
    return this.#inString
  }

  /** Forgets the text, ready for another. */
  reset(): void {
    this.#depth = 0
    this.#around = -1
    this.#next = PLAIN
    this.#inString = this.#escaped = this.#inKey = false
    this.#outermost = this.#wrapper = this.#listening = this.#keyExpected = false
  }

  #enter(object: boolean): void {
    this.#depth++
    const depth = this.#depth
    this.#listening = object && (depth === 1 || (depth === 2 && this.#next === WRAPPER))
    if (depth === 1) this.#outermost = this.#listening
    if (depth === 2) this.#wrapper = this.#listening
    this.#keyExpected = this.#listening
    this.#next = PLAIN
  }

  #leave(): void {
    this.#depth--
    this.#listening = this.#depth === 1 ? this.#outermost : this.#depth === 2 && this.#wrapper
    this.#keyExpected = false
  }

  #meaning(key: string): number {
    if (key === 'usage') return USAGE
    return this.#depth === 1 && (key === 'response' || key.startsWith('x_')) ? WRAPPER : PLAIN
  }

  /** Most keys are told by their first byte, and never decoded. */
  #readKey(bytes: Buffer, from: number, to: number): void {
    const matters = this.#keyStart !== '' || firstBytes.has(bytes[from] ?? 0)
    const fits = this.#keyStart.length + to - from <= longestKey
    if (matters && fits) this.#keyStart += bytes.toString('latin1', from, to)
    else this.#inKey = false
  }

  #collect(bytes: Buffer, from: number, to: number): void {
    if (this.#collected.length + to - from > largestUsage) this.#around = -1
    else this.#collected += bytes.toString('latin1', from, to)
  }

  #finish(): void {
    this.#around = -1
    this.found = toUsage(parse(this.#collected)) ?? this.found
  }
}

function parse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return null
  }
}

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
 * Finds the usage object in one JSON text whose bytes come in pieces, and hands over the last that has figures.
 * Only a member `usage` of the outermost object counts, or of its members `response` (Responses API events) and
 * `x_…` (vendor extensions). Anything deeper is content: a tool's schema that is echoed back may well declare a `usage`.
 */
export function createUsageFinder(found: (usage: Usage) => void) {
  let depth = 0
  let inString = false
  let escaped = false
  /** Whether the containers at depth 1 and 2, and the innermost one, are objects whose keys matter. */
  let outermost = false
  let wrapper = false
  let listening = false
  let keyExpected = false
  let inKey = false
  /** Start of a key that the previous piece cut off. */
  let keyStart = ''
  let next = PLAIN
  /** Depth around the usage object that is being collected, -1 if none is. */
  let around = -1
  let collected = ''

  function enter(object: boolean): void {
    depth++
    listening = object && (depth === 1 || (depth === 2 && next === WRAPPER))
    if (depth === 1) outermost = listening
    if (depth === 2) wrapper = listening
    keyExpected = listening
    next = PLAIN
  }

  function leave(): void {
    depth--
    listening = depth === 1 ? outermost : depth === 2 && wrapper
    keyExpected = false
  }

  function meaning(key: string): number {
    if (key === 'usage') return USAGE
    return depth === 1 && (key === 'response' || key.startsWith('x_')) ? WRAPPER : PLAIN
  }

  /** Most keys are told by their first byte, and never decoded. */
  function readKey(bytes: Buffer, from: number, to: number): void {
    const matters = keyStart !== '' || firstBytes.has(bytes[from] ?? 0)
    if (matters && keyStart.length + to - from <= longestKey) keyStart += bytes.toString('latin1', from, to)
    else inKey = false
  }

  function collect(bytes: Buffer, from: number, to: number): void {
    if (collected.length + to - from > largestUsage) around = -1
    else collected += bytes.toString('latin1', from, to)
  }

  function finish(): void {
    around = -1
    const usage = toUsage(parse(collected))
    if (usage !== null) found(usage)
  }

  return {
    /** Takes the next piece: the bytes from `from` up to `to`. */
    scan(bytes: Buffer, from: number, to: number): void {
      let i = from
      let collectFrom = from
      if (escaped && i < to) {
        escaped = false
        i++
      }
      while (i < to) {
        if (inString) {
          const quote = closingQuote(bytes, i, to)
          const end = quote < 0 ? to : quote
          if (inKey && end > i) readKey(bytes, i, end)
          if (quote < 0) {
            escaped = quote === UNTERMINATED_ESCAPE
            break
          }
          inString = false
          if (inKey) {
            inKey = false
            next = meaning(keyStart)
          }
          i = quote + 1
          continue
        }
        let byte = bytes[i] ?? 0
        while (structural[byte] === 0 && ++i < to) byte = bytes[i] ?? 0
        if (i < to) {
          if (byte === QUOTE) {
            inString = true
            if (keyExpected) {
              inKey = true
              keyExpected = false
              keyStart = ''
            }
          } else if (byte === COMMA) {
            keyExpected = listening
            next = PLAIN
          } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
            if (next === USAGE && byte === OPEN_BRACE) {
              around = depth
              collected = ''
              collectFrom = i
            }
            enter(byte === OPEN_BRACE)
          } else if (depth > 0) {
            leave()
            if (depth === around) {
              collect(bytes, collectFrom, i + 1)
              if (around !== -1) finish()
            }
          }
        }
        i++
      }
      if (around !== -1) collect(bytes, collectFrom, to)
    },

    /** True if the text so far ends inside a string. */
    get insideString() {
      return inString
    },

    /** Forgets the text, ready for another. */
    reset(): void {
      depth = 0
      around = -1
      next = PLAIN
      inString = escaped = inKey = outermost = wrapper = listening = keyExpected = false
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

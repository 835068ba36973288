/** Bytes of JSON and of event streams that the readers look for. */
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
export const QUOTE = 0x22
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
export const CLOSE_BRACKET = 0x5d
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d

/** Bytes looked at one by one before asking for a native search, which pays off on long strings only. */
const near = 32

/** `closingQuote`: the bytes end inside the string. */
const UNTERMINATED = -1
/** `closingQuote`: the bytes end inside the string, after a backslash that escapes the byte to come. */
export const UNTERMINATED_ESCAPE = -2

/**
 * Where a JSON string ends: the index of its closing quote, or one of the two negative results above.
 * `from` is the first byte inside the string and not itself escaped; bytes at `to` and after are not considered.
 */
export function closingQuote(bytes: Buffer, from: number, to: number): number {
  let i = from
  while (i < to) {
    const stop = i + near < to ? i + near : to
    while (i < stop) {
      const byte = bytes[i]
      if (byte === QUOTE) return i
      i += byte === BACKSLASH ? 2 : 1
    }
    if (i >= to) break
    const found = bytes.indexOf(QUOTE, i)
    const quote = found === -1 || found >= to ? to : found
    let backslashes = 0
    while (quote - backslashes > i && bytes[quote - backslashes - 1] === BACKSLASH) backslashes++
    const escaped = backslashes % 2 === 1
    if (quote === to) return escaped ? UNTERMINATED_ESCAPE : UNTERMINATED
    if (!escaped) return quote
    i = quote + 1
  }
  return i > to ? UNTERMINATED_ESCAPE : UNTERMINATED
}

/**
 * Finds line ends of an event stream in one chunk: LF, CR, or the CR of a CRLF. Returns the chunk's length at its end.
 */
export function lineEnds(chunk: Buffer) {
  let carriageReturn = chunk.indexOf(CR)
  return function lineEnd(from: number): number {
    // Most streams have no CR at all: it is searched for once a chunk, not once a line.
    if (carriageReturn !== -1 && carriageReturn < from) carriageReturn = chunk.indexOf(CR, from)
    const lineFeed = chunk.indexOf(LF, from)
    if (lineFeed === -1) return carriageReturn === -1 ? chunk.length : carriageReturn
    return carriageReturn === -1 || lineFeed < carriageReturn ? lineFeed : carriageReturn
  }
}

/** True if the chunk ends with a blank line, in LF or CRLF: the end of an event. */
export function endsWithBlankLine(chunk: Buffer): boolean {
  const end = chunk.length
  if (end < 2 || chunk[end - 1] !== LF) return false
  if (chunk[end - 2] === LF) return true
  return end >= 4 && chunk[end - 2] === CR && chunk[end - 3] === LF && chunk[end - 4] === CR
}

import { CR, endsWithBlankLine, LF, lineEnds, OPEN_BRACE, OPEN_BRACKET, SPACE } from './bytes.ts'
import { UsageFinder } from './finder.ts'
import type { Usage } from './usage.ts'

export type { Usage } from './usage.ts'

const field = Buffer.from('data:')
const usageKey = Buffer.from('"usage"')
const nothing = Buffer.from(':null')
/** Column of a line that is not data. */
const OTHER = -1

/**
 * Reads token usage from a provider's answer as its bytes pass, be it JSON or an event stream, cut anywhere.
 * Nothing is buffered but the usage object itself. The answer must not be compressed.
 */
export class UsageReader {
  readonly #finder = new UsageFinder()
  #format: 'unknown' | 'json' | 'events' = 'unknown'
  /** Event streams: how many bytes of `data:` the current line has matched, or `OTHER`. */
  #column = 0
  #afterReturn = false
  /** Event streams: the event so far has no data. */
  #fresh = true
  /** A line break inside a JSON string: the rest of the event means nothing. */
  #broken = false

  /** The last usage that carried figures so far, null if there was none. */
  get found(): Usage | null {
    return this.#finder.found
  }

  feed(chunk: Buffer): void {
    let from = 0
    if (this.#format === 'unknown') {
      while (from < chunk.length && isBlank(chunk[from])) from++
      if (from === chunk.length) return
      this.#format = chunk[from] === OPEN_BRACE || chunk[from] === OPEN_BRACKET ? 'json' : 'events'
    }
    if (this.#format === 'json') this.#finder.scan(chunk, from, chunk.length)
    else this.#readEvents(chunk, from)
  }

  #readEvents(chunk: Buffer, from: number): void {
    const begins = this.#fresh && this.#column === 0 && !this.#afterReturn
    if (begins && endsWithBlankLine(chunk) && !mayHoldUsage(chunk)) return
    const lineEnd = lineEnds(chunk)
    let i = from
    while (i < chunk.length) {
      if (this.#column !== OTHER && this.#column < field.length) {
        const byte = chunk[i]
        if (byte === LF || byte === CR) {
          const secondHalf = byte === LF && this.#afterReturn
          if (this.#column === 0 && !secondHalf) this.#endEvent()
          this.#column = 0
          this.#afterReturn = byte === CR
          i++
        } else {
          this.#afterReturn = false
          this.#column = byte === field[this.#column] ? this.#column + 1 : OTHER
          i++
        }
        continue
      }
      const end = lineEnd(i)
      if (this.#column !== OTHER) {
        this.#fresh = false
        if (!this.#broken) this.#finder.scan(chunk, i, end)
      }
      if (end === chunk.length) return
      this.#broken ||= this.#finder.insideString
      this.#column = 0
      this.#afterReturn = chunk[end] === CR
      i = end + 1
    }
  }

  #endEvent(): void {
    this.#finder.reset()
    this.#fresh = true
    this.#broken = false
  }
}

/** False for whole events without the key, or with `"usage":null` only: most of a stream, told natively. */
function mayHoldUsage(chunk: Buffer): boolean {
  for (let at = chunk.indexOf(usageKey); at !== -1; at = chunk.indexOf(usageKey, at)) {
    at += usageKey.length
    if (chunk.compare(nothing, 0, nothing.length, at, Math.min(at + nothing.length, chunk.length)) !== 0) return true
  }
  return false
}

/** White space, or a byte of the byte order mark that may open a stream. */
function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === 9 || byte === 0xef || byte === 0xbb || byte === 0xbf
}

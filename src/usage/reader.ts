import { CR, endsWithBlankLine, LF, lineEnds, OPEN_BRACE, OPEN_BRACKET, SPACE } from './bytes.ts'
import { createUsageFinder } from './finder.ts'
import type { Usage } from './usage.ts'

export type { Usage } from './usage.ts'
export type UsageReader = ReturnType<typeof createUsageReader>

const field = Buffer.from('data:')
const usageKey = Buffer.from('"usage"')
const nothing = Buffer.from(':null')
/** Column of a line that is not data. */
const OTHER = -1

/**
 * Reads token usage from a provider's answer as its bytes pass, be it JSON or an event stream, cut anywhere.
 * Nothing is buffered but the usage object itself. The answer must not be compressed.
 * `end` gives the last usage that carried figures, null if there was none.
 */
export function createUsageReader() {
  let usage: Usage | null = null
  const finder = createUsageFinder(found => {
    usage = found
  })
  let format: 'unknown' | 'json' | 'events' = 'unknown'
  /** Event streams: how many bytes of `data:` the current line has matched, or `OTHER`. */
  let column = 0
  let afterReturn = false
  /** Event streams: the event so far has no data. */
  let fresh = true
  /** A line break inside a JSON string: the rest of the event means nothing. */
  let broken = false

  function readEvents(chunk: Buffer, from: number): void {
    if (fresh && column === 0 && !afterReturn && endsWithBlankLine(chunk) && !mayHoldUsage(chunk)) return
    const lineEnd = lineEnds(chunk)
    let i = from
    while (i < chunk.length) {
      if (column !== OTHER && column < field.length) {
        const byte = chunk[i]
        if (byte === LF || byte === CR) {
          const secondHalf = byte === LF && afterReturn
          if (column === 0 && !secondHalf) endEvent()
          column = 0
          afterReturn = byte === CR
          i++
        } else {
          afterReturn = false
          column = byte === field[column] ? column + 1 : OTHER
          i++
        }
        continue
      }
      const end = lineEnd(i)
      if (column !== OTHER) {
        fresh = false
        if (!broken) finder.scan(chunk, i, end)
      }
      if (end === chunk.length) return
      broken ||= finder.insideString
      column = 0
      afterReturn = chunk[end] === CR
      i = end + 1
    }
  }

  function endEvent(): void {
    finder.reset()
    fresh = true
    broken = false
  }

  return {
    feed(chunk: Buffer): void {
      let from = 0
      if (format === 'unknown') {
        while (from < chunk.length && isBlank(chunk[from])) from++
        if (from === chunk.length) return
        format = chunk[from] === OPEN_BRACE || chunk[from] === OPEN_BRACKET ? 'json' : 'events'
      }
      if (format === 'json') finder.scan(chunk, from, chunk.length)
      else readEvents(chunk, from)
    },
    end(): Usage | null {
      return usage
    },
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

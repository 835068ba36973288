import { CR, endsWithBlankLine, LF, lineEnds } from './bytes.ts'
import { type Span, usageSpans } from './event.ts'

const usageKey = Buffer.from('"usage"')
export type UsageHider = ReturnType<typeof createUsageHider>

/** Bytes of one event beyond which it is passed through as it is. A usage chunk is far smaller. */
const largestEvent = 1_048_576

/**
 * Asks for the usage of a stream whose client did not: adds `stream_options.include_usage`, keeping the other options.
 * `added` says whether the answer has to be cleaned with `createUsageHider`. An option of the wrong type is left
 * for the provider to refuse. Source: `stream_options` in the OpenAI API reference.
 */
export function requestUsage<Body extends Record<string, unknown>>(body: Body): { body: Body; added: boolean } {
  if (body.stream !== true) return { body, added: false }
  const options = body.stream_options ?? {}
  if (typeof options !== 'object' || Array.isArray(options) || JSON.isRawJSON(options)) return { body, added: false }
  if ('include_usage' in options && options.include_usage === true) return { body, added: false }
  return { body: { ...body, stream_options: { ...options, include_usage: true } }, added: true }
}

/**
 * Takes out of an event stream what its client did not ask for: the chunk that holds only usage, and the `usage`
 * member of every other chunk. All other bytes stay as they came, and a complete event is never held back.
 * `push` returns what can be sent on now, null if that is nothing; `end` what was still incomplete.
 */
export function createUsageHider() {
  let held = Buffer.alloc(0)
  let heldLength = 0
  let lineEmpty = true
  let afterReturn = false
  /** The event is too large to hold: its bytes go through until it ends. */
  let passing = false
  /** The last event was taken out, and with it goes the LF that may still follow its CR. */
  let removed = false
  let output: Buffer[] = []

  function hold(bytes: Buffer): void {
    if (held.length < heldLength + bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, 2 * (heldLength + bytes.length)))
      held.copy(larger, 0, 0, heldLength)
      held = larger
    }
    heldLength += bytes.copy(held, heldLength)
  }

  function release(): Buffer {
    const bytes = held.subarray(0, heldLength)
    held = Buffer.alloc(0)
    heldLength = 0
    return bytes
  }

  function send(bytes: Buffer): void {
    if (bytes.length > 0) output.push(bytes)
  }

  /** Ends an event whose last bytes are given. */
  function close(last: Buffer): void {
    removed = false
    if (passing) {
      passing = false
      send(last)
      return
    }
    if (heldLength > 0) hold(last)
    const event = heldLength > 0 ? release() : last
    const spans = event.includes(usageKey) ? usageSpans(event) : []
    removed = spans === 'all'
    if (spans !== 'all') sendWithout(event, spans)
  }

  function sendWithout(event: Buffer, spans: readonly Span[]): void {
    let from = 0
    for (const span of spans) {
      send(event.subarray(from, span.start))
      from = span.end
    }
    send(event.subarray(from))
  }

  function flush(): Buffer | null {
    const pieces = output
    output = []
    return pieces.length > 1 ? Buffer.concat(pieces) : (pieces[0] ?? null)
  }

  return {
    push(chunk: Buffer): Buffer | null {
      const fresh = heldLength === 0 && lineEmpty && !afterReturn && !passing
      if (fresh && endsWithBlankLine(chunk) && !chunk.includes(usageKey)) return chunk

      let start = 0
      let i = 0
      if (afterReturn && chunk[0] === LF) {
        i = 1
        const eventEnded = heldLength === 0 && !passing
        if (eventEnded) start = 1
        if (eventEnded && !removed) send(chunk.subarray(0, 1))
      }
      if (chunk.length > 0) afterReturn = false

      const lineEnd = lineEnds(chunk)
      while (i < chunk.length) {
        const end = lineEnd(i)
        const blank = lineEmpty && end === i
        if (end === chunk.length) {
          lineEmpty = false
          break
        }
        lineEmpty = true
        i = end + 1
        if (chunk[end] === CR) {
          if (chunk[i] === LF) i++
          else afterReturn = i === chunk.length
        }
        if (blank) {
          close(chunk.subarray(start, i))
          start = i
        }
      }
      const rest = chunk.subarray(start)
      if (!passing && heldLength + rest.length > largestEvent) {
        send(release())
        passing = true
      }
      if (passing) send(rest)
      else if (rest.length > 0) hold(rest)
      return flush()
    },
    end(): Buffer | null {
      if (heldLength > 0) close(Buffer.alloc(0))
      return flush()
    },
  }
}

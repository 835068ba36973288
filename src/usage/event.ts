import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  closingQuote,
  LF,
  lineEnds,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from './bytes.ts'

/** Bytes `start` up to `end` of an event. */
export type Span = { start: number; end: number }

type Member = Span & { key: string; valueStart: number; valueEnd: number }

const field = Buffer.from('data:')

/**
 * Which bytes of a complete event say usage: the spans of its top-level `usage` members, with one comma each,
 * or `all` if the event holds nothing else (no choices, and a usage object). Empty if its data is not a JSON object.
 */
export function usageSpans(event: Buffer): 'all' | Span[] {
  const data = dataOf(event)
  const members = membersOf(data)
  const isUsage = (member: Member) => member.key === 'usage'
  const usageOnly =
    members.some(member => isUsage(member) && data[member.valueStart] === OPEN_BRACE) &&
    members.some(member => member.key === 'choices' && isEmptyArray(data, member))
  if (usageOnly) return 'all'

  const spans: Span[] = []
  let kept = false
  for (const [index, member] of members.entries()) {
    const before = members[index - 1]
    const after = members[index + 1]
    if (!isUsage(member)) kept = true
    else if (kept && before !== undefined) spans.push({ start: before.end, end: member.valueEnd })
    else spans.push({ start: member.start, end: after === undefined ? member.valueEnd : member.end + 1 })
  }
  return spans
}

/** The event's JSON at its own offsets: everything that is not data becomes spaces. */
function dataOf(event: Buffer): Buffer {
  const data = Buffer.from(event)
  const lineEnd = lineEnds(event)
  for (let start = 0; start < event.length; ) {
    const end = lineEnd(start)
    const isData =
      end - start >= field.length && event.compare(field, 0, field.length, start, start + field.length) === 0
    data.fill(SPACE, start, isData ? start + field.length : end)
    start = end + 1
  }
  return data
}

/** Members of the outermost object, in order. `end` is where the comma or the closing brace stands. */
function membersOf(data: Buffer): Member[] {
  const members: Member[] = []
  let i = skipSpace(data, 0)
  if (data[i] !== OPEN_BRACE) return []
  do {
    const start = skipSpace(data, i + 1)
    if (data[start] === CLOSE_BRACE && members.length === 0) return []
    if (data[start] !== QUOTE) return []
    const quote = closingQuote(data, start + 1, data.length)
    const colon = quote < 0 ? -1 : skipSpace(data, quote + 1)
    if (data[colon] !== COLON) return []
    const valueStart = skipSpace(data, colon + 1)
    i = valueLimit(data, valueStart)
    if (i === -1) return []
    let valueEnd = i
    while (isSpace(data[valueEnd - 1])) valueEnd--
    members.push({ key: data.toString('latin1', start + 1, quote), start, valueStart, valueEnd, end: i })
  } while (data[i] === COMMA)
  return members
}

/** Where the comma or closing brace after a value stands, -1 if the text ends first. */
function valueLimit(data: Buffer, from: number): number {
  let depth = 0
  for (let i = from; i < data.length; i++) {
    const byte = data[i]
    if (byte === QUOTE) {
      const quote = closingQuote(data, i + 1, data.length)
      if (quote < 0) return -1
      i = quote
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === COMMA && depth === 0) return i
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return byte === CLOSE_BRACE ? i : -1
      depth--
    }
  }
  return -1
}

function isEmptyArray(data: Buffer, { valueStart, valueEnd }: Member): boolean {
  return data[valueStart] === OPEN_BRACKET && skipSpace(data, valueStart + 1) === valueEnd - 1
}

function skipSpace(data: Buffer, from: number): number {
  let i = from
  while (isSpace(data[i])) i++
  return i
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === 9
}

import { isObject, parseJson } from '../json.ts'
import { gatherJson } from './body.ts'
import { protocolKeys } from './carriers.ts'
import { createCollector, type Gathered } from './content.ts'

export type AnswerReader = {
  feed(chunk: Buffer): void
  /** What the answer's text is, whole or not. Once, when no more will come. */
  end(): Gathered
}

/**
 * Keeps a provider's answer as it passes, up to `limit` bytes, to be looked into when it is over: a JSON text, or an
 * event stream, whose pieces of one text are put together again.
 */
export const createAnswerReader = ({ stream, limit }: { stream: boolean; limit: number }): AnswerReader => {
  const chunks: Buffer[] = []
  let left = limit
  let unread = 0
  return {
    feed(chunk) {
      const kept = chunk.length <= left ? chunk : chunk.subarray(0, left)
      left -= kept.length
      unread += chunk.length - kept.length
      if (kept.length > 0) chunks.push(kept)
    },
    end() {
      const collector = createCollector()
      const text = Buffer.concat(chunks).toString()
      const bodies = stream ? joined(eventsOf(text)) : [forgetClocks(parse(text) ?? text)]
      for (const body of bodies) gatherJson(collector, body)
      const gathered = collector.finish()
      if (unread === 0) return gathered
      return { ...gathered, uninspectedCharacters: unread, uninspectable: [...gathered.uninspectable, 'long_text'] }
    },
  }
}

/** When the provider made the answer, in seconds. */
const clocks = ['created', 'created_at', 'completed_at']

/**
 * Ten digits could be a telephone number, and would have a whole answer searched for such. In place: it was parsed for
 * us.
 */
const forgetClocks = (body: unknown): unknown => {
  if (isObject(body)) for (const clock of clocks) if (typeof body[clock] === 'number') body[clock] = null
  return body
}

const eventsOf = (text: string): unknown[] =>
  text
    .split(/\r\n|\n|\r/)
    .filter(line => line.startsWith('data:'))
    .map(line => parse(line.slice('data:'.length)))

/** Levels of an answer's JSON, as of a call's. What is nested deeper is read as plain text. */
const deepest = 64

/** Brackets in strings count, too: that makes a text seem deeper, never flatter. */
const isTooDeep = (text: string) => {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 0x20
    if (code === openBrace) depth++
    else if (code === closeBrace) depth--
    if (depth > deepest) return true
  }
  return false
}

/** `{` and `[`, which differ in the bit that tells letters' cases apart. */
const openBrace = 0x7b
const closeBrace = 0x7d

/** Undefined for what is no JSON: the end marker of a stream, or an event that was cut off. */
const parse = (text: string): unknown => {
  if (isTooDeep(text)) return text
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** Events of the Responses API that repeat what earlier ones carried in pieces. */
const repeating = /\.(?:done|completed|incomplete|created|in_progress)$/

/**
 * Where strings stand in an answer: what is under one name or index is one place, so that no path need be spelt out.
 */
type Place = { inner: Map<string, Place> | null; pieces: string[] | null }

const newPlace = (): Place => ({ inner: null, pieces: null })

const innerOf = (around: Place, key: string): Place => {
  around.inner ??= new Map()
  const known = around.inner.get(key)
  if (known !== undefined) return known
  const place = newPlace()
  around.inner.set(key, place)
  return place
}

const addPiece = (place: Place, piece: string) => {
  if (place.pieces === null) place.pieces = [piece]
  else place.pieces.push(piece)
}

/**
 * Texts that came in pieces under the same names and indexes, each as one; or the whole ones, if none came in pieces.
 */
const joined = (events: readonly unknown[]): string[] => {
  const [pieces, wholes] = [newPlace(), newPlace()]
  for (const event of events) {
    const type = isObject(event) && typeof event.type === 'string' ? event.type : ''
    addPieces(innerOf(repeating.test(type) ? wholes : pieces, type), event)
  }
  const texts = textsIn(pieces)
  return texts.length > 0 ? texts : textsIn(wholes)
}

const textsIn = ({ inner, pieces }: Place): string[] => {
  const texts = pieces === null ? [] : [pieces.join('')]
  if (inner !== null) for (const place of inner.values()) for (const text of textsIn(place)) texts.push(text)
  return texts
}

const addPieces = (place: Place, value: unknown): void => {
  if (typeof value === 'string') addPiece(place, value)
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) addPieces(innerOf(place, indexOf(item) ?? String(index)), item)
  } else if (isObject(value)) {
    const own = innerOf(place, indexOf(value) ?? '')
    for (const key in value) if (!protocolKeys.has(key)) addPieces(innerOf(own, key), value[key])
  }
}

/** Where in the answer an object belongs: `index` in chats and messages, the others in the Responses API. */
const indexOf = (value: unknown): string | undefined => {
  if (!isObject(value)) return undefined
  const indexes = [value.index, value.output_index, value.content_index].map(index => Number.isInteger(index) && index)
  return indexes.some(index => index !== false) ? indexes.join('.') : undefined
}

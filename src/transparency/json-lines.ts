import { isObject, type JsonObject, parseJson, repeatsMember } from '../json.ts'
import { decodeBase64 } from './base64.ts'
import { isLogId } from './checkpoint.ts'
import type { Entry, Leaf, Start, Stray } from './entry.ts'
import { HASH_BYTES } from './hash.ts'
import { LineFault, readLines } from './lines.ts'
import { isIndex } from './record.ts'

/** One line of JSON, with its newline. The form is described in docs/AUDIT_FORMAT.md. */
export function encodeEntry(entry: Entry): string {
  if ('entry' in entry) return `{"entry":${encodeLeaf(entry.entry)}}\n`
  return `${JSON.stringify(written(entry))}\n`
}

const placeOf = (log: string, index: number, leaf: Buffer) =>
  `{"log":"${log}","index":${index},"leaf":"${leaf.toString('base64')}"`

function encodeLeaf({ log, index, leaf, record }: Leaf): string {
  const place = placeOf(log, index, leaf)
  if (record === undefined) return `${place}}`
  // Not by `canonicalise`, which throws, and not parsed, which drops members given twice: whatever a row was changed
  // into has to get to a verifier. In JSON a line can end between values only.
  const text = typeof record === 'string' ? record.replaceAll('\n', ' ') : JSON.stringify(record)
  return `${place},"record":${text}}`
}

function written(entry: Entry): unknown {
  if ('start' in entry) {
    const { frontier } = entry.start
    return { start: { ...entry.start, frontier: frontier.map(hash => hash.toString('base64')) } }
  }
  return entry
}

/** Reads entries from JSON Lines. Throws a LineFault at the first line that is not an entry in every detail. */
export async function* decodeEntries(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  let number = 0
  for await (const line of readLines(source)) {
    number++
    const entry = decodeEntry(line)
    if (typeof entry === 'string') throw new LineFault(number, entry)
    yield entry
  }
}

/** The entry, or what is wrong with the line. */
function decodeEntry(line: string): Entry | string {
  const value = parse(line)
  if (!isObject(value)) return 'it is not a JSON object'
  const entry = entryIn(value)
  if (typeof entry === 'string') return entry
  const leaf = 'entry' in entry && entry.entry.record !== undefined ? entry.entry : null
  const source = leaf && recordIn(line, leaf)
  if (source === null && !repeatsMember(line, value as JsonObject)) return entry
  return leaf === null ? 'a member is given twice' : { entry: { ...leaf, source: source ?? line } }
}

/** What stands for the record in a line that is written as `encodeEntry` does it; null if it is not. */
function recordIn(line: string, { log, index, leaf }: Leaf): string | null {
  const start = `{"entry":${placeOf(log, index, leaf)},"record":`
  return line.startsWith(start) ? line.slice(start.length, -2) : null
}

function entryIn(value: Record<string, unknown>): Entry | string {
  const [kind, ...others] = Object.keys(value)
  if (kind === undefined || others.length > 0) return 'an entry has one member'
  const content = value[kind]
  switch (kind) {
    case 'entry':
      return leafEntry(content) ?? 'the entry is malformed'
    case 'checkpoint':
      return checkpointEntry(content) ?? 'the checkpoint is malformed'
    case 'start':
      return startEntry(content) ?? 'the start is malformed'
    case 'stray':
      return strayEntry(content) ?? 'the stray is malformed'
    case 'key':
      return typeof content === 'string' ? { key: content } : 'the key is malformed'
    default:
      return 'its kind is unknown'
  }
}

function parse(line: string): unknown {
  try {
    return parseJson(line)
  } catch {
    return undefined
  }
}

function leafEntry(value: unknown): { entry: Leaf } | null {
  if (!isObject(value)) return null
  const { log, index, leaf: encoded, record } = value
  const leaf = hashOf(encoded)
  if (!isLog(log) || !isIndex(index) || leaf === null) return null
  if (record === undefined) return hasMembers(value, 3) ? { entry: { log, index, leaf } } : null
  if (!isObject(record) || !hasMembers(value, 4)) return null
  // Whatever was parsed is JSON.
  return { entry: { log, index, leaf, record: record as JsonObject } }
}

function startEntry(value: unknown): { start: Start } | null {
  if (!isObject(value) || !hasMembers(value, 4)) return null
  const { log, size, frontier, note } = value
  if (!isLog(log) || !isIndex(size) || !Array.isArray(frontier) || !(note === null || typeof note === 'string'))
    return null
  if (size === 0 && (frontier.length > 0 || note !== null)) return null
  const hashes = frontier.map(hashOf).filter(hash => hash !== null)
  return hashes.length === frontier.length ? { start: { log, size, frontier: hashes, note } } : null
}

function checkpointEntry(value: unknown): Entry | null {
  if (!isObject(value) || !hasMembers(value, 2)) return null
  const { log, note } = value
  return isLog(log) && typeof note === 'string' ? { checkpoint: { log, note } } : null
}

function strayEntry(value: unknown): { stray: Stray } | null {
  if (!isObject(value) || !hasMembers(value, 3)) return null
  const { id, log, index } = value
  if (!isLog(id) || !(log === null || isLog(log)) || !(index === null || isIndex(index))) return null
  return { stray: { id, log, index } }
}

function hasMembers(value: object, count: number): boolean {
  return Object.keys(value).length === count
}

function isLog(value: unknown): value is string {
  return typeof value === 'string' && isLogId(value)
}

function hashOf(value: unknown): Buffer | null {
  const bytes = typeof value === 'string' ? decodeBase64(value) : null
  return bytes?.length === HASH_BYTES ? bytes : null
}

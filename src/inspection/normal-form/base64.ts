import { isUtf8 } from 'node:buffer'
import type { Span } from '../detectors/detector.ts'
import { forget, unitsOf } from '../units.ts'

/** Text in an encoded run, and where the run is. */
export type Decoded = Span & { text: string }

/** Characters of the shortest run that is read, padding apart: eleven bytes, an SSN with its dashes. */
const shortest = 15

/** 1 for the standard and the URL-safe alphabet of RFC 4648, by UTF-16 unit. */
const alphabet = new Uint8Array(65_536)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  alphabet[character.charCodeAt(0)] = 1

/** Bytes that no printable text has. */
const isStray = (byte: number) => (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127 || byte > 244
const unprintable = /[^\P{Cc}\t\n\r]/u

/** No text begins so when it is encoded: its first byte would be a control, or lie inside a character. */
const noBeginning = /^[ABE-Hg-v+/_-]/

/**
 * How UTF-16 begins when it is encoded, with its mark or without, if its first characters are ASCII: every other byte
 * is 0.
 */
const wideBeginnings: readonly (readonly [beginning: RegExp, bigEndian: boolean])[] = [
  [/^(?:[/_]{2}[45].A[A-H].A|.[AQgw][AB].A[A-H].A)/, false],
  [/^(?:[/_]v8A|A[A-H].A).[AQgw][AB]/, true],
]

const decodeWide = (run: string, bigEndian: boolean) => {
  const bytes = Buffer.from(run, 'base64')
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2))
  const text = (bigEndian ? whole.swap16() : whole).toString('utf16le').replace(/^\ufeff/, '')
  return text.isWellFormed() && !unprintable.test(text) ? text : null
}

/**
 * The text of a run, or null. Most runs are words or keys: their first twelve bytes tell, so the rest is not decoded.
 */
const decodeText = (run: string) => {
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run)) return null
  for (const [beginning, bigEndian] of wideBeginnings) if (beginning.test(run)) return decodeWide(run, bigEndian)
  if (noBeginning.test(run) || Buffer.from(run.slice(0, 16), 'base64').some(isStray)) return null
  const bytes = Buffer.from(run, 'base64')
  if (!isUtf8(bytes)) return null
  const text = bytes.toString()
  return unprintable.test(text) ? null : text
}

/** Runs that are long enough. A run of n covers a multiple of n, so other places are only looked at beside one. */
const encodedRuns = (text: string, shortest: number): Span[] => {
  const runs: Span[] = []
  if (text.length < shortest) return runs
  const units = unitsOf(text)
  for (let i = shortest - 1; i < text.length; i += shortest) {
    if (alphabet[units[i] ?? 0] === 0) continue
    let start = i
    while (start > i - shortest && alphabet[units[start - 1] ?? 0] === 1) start--
    let end = i + 1
    while (alphabet[units[end] ?? 0] === 1) end++
    if (end - start >= shortest) runs.push({ start, end })
    i = Math.max(i, end - shortest)
  }
  forget(units, text.length)
  return runs
}

/** A slash is of the alphabet and of paths: a run that is no text may end in a segment that is. */
const readRun = (text: string, { start, end }: Span): Decoded | undefined => {
  const run = text.slice(start, end)
  const whole = decodeText(run)
  if (whole !== null) return { start, end, text: whole }
  const segment = run.lastIndexOf('/', run.length - shortest - 1) + 1
  const decoded = segment > 0 ? decodeText(run.slice(segment)) : null
  return decoded === null ? undefined : { start: start + segment, end, text: decoded }
}

/** Lines of MIME have 76 characters (RFC 2045, section 6.8), of PEM 64; the last one is shorter. */
const shortestLine = 40
const nextLine = /\r?\n[ \t]{0,8}([\w+/-]{1,1024})/y

/** What a run goes on as, line by line as long as it is, and where that ends. Undefined where it does not go on. */
const linesFrom = (text: string, { start, end }: Span) => {
  const width = end - start
  if (width < shortestLine || width % 4 !== 0) return undefined
  const lines = [text.slice(start, end)]
  let last = end
  for (let length = width; length === width; ) {
    nextLine.lastIndex = last
    const line = nextLine.exec(text)?.[1]
    if (line === undefined || line.length > width) break
    lines.push(line)
    length = line.length
    last = nextLine.lastIndex
  }
  return lines.length > 1 ? { end: last, run: lines.join('') } : undefined
}

const paddingAt = (text: string, at: number) => (text.startsWith('==', at) ? 2 : text.startsWith('=', at) ? 1 : 0)

/**
 * What can be read as text in runs of base64, in order. Linear: lines are joined once, and what is decoded is shorter.
 */
export const decodeBase64 = (text: string): Decoded[] => {
  const found: Decoded[] = []
  let joined = 0
  let decodedTo = 0
  for (const run of encodedRuns(text, shortest)) {
    if (run.start < decodedTo) continue
    const lines = run.start < joined ? undefined : linesFrom(text, run)
    if (lines !== undefined) joined = lines.end
    const ofLines = lines === undefined ? null : decodeText(lines.run)
    const decoded = ofLines === null ? readRun(text, run) : { start: run.start, end: joined, text: ofLines }
    if (decoded === undefined) continue
    found.push({ ...decoded, end: decoded.end + paddingAt(text, decoded.end) })
    decodedTo = decoded.end
  }
  return found
}

/** A longer run that cannot be read is a payload. */
const longestWord = 1024

/** Whether a text holds a long run that is no text in base64: what is compressed, encrypted or no text at all. */
export const holdsPayload = (text: string) => {
  for (const run of encodedRuns(text, longestWord)) if (readRun(text, run) === undefined) return true
  return false
}

import { crc32 } from 'node:zlib'

/**
 * What the spool holds of calls, a line each. `opened`: decided, and about to go out. `ended`: how that call ended.
 * `whole`: decided and ended at once, as a refusal is. The texts are canonical JSON (see `record/`).
 */
export type SpoolEntry =
  | { kind: 'opened'; id: string; decision: string }
  | { kind: 'ended'; id: string; outcome: string }
  | { kind: 'whole'; id: string; decision: string; outcome: string }

const checksumLength = 8
const kindAt = checksumLength + 1
const idAt = kindAt + 2
const idLength = 36
const bodyAt = idAt + idLength + 1

const space = 0x20
const hexDigits = Buffer.from('0123456789abcdef')

const letters = { opened: 'D', ended: 'O', whole: 'W' } as const

/** What lines are gathered in at first, and what is kept of the memory once they were written. */
const usualBytes = 65_536
/** UTF-8 takes so many bytes for one UTF-16 unit at most. */
const mostBytesOfUnit = 3

/** Lines that wait to be written, gathered in memory that serves again: a call's take no garbage but their texts. */
export class Lines {
  #memory = Buffer.allocUnsafe(usualBytes)
  #length = 0

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  /**
   * An entry as a line: CRC-32 in hex, kind, id, JSON. JSON holds no raw tab, so a tab divides decision from outcome.
   */
  add(entry: SpoolEntry): void {
    const text = `${letters[entry.kind]} ${entry.id} ${bodyOf(entry)}\n`
    const start = this.#length
    this.#makeRoom(kindAt + text.length * mostBytesOfUnit)
    const content = start + kindAt
    this.#length = content + this.#memory.write(text, content)
    const checksum = crc32(this.#memory.subarray(content, this.#length - 1))
    writeHex(checksum, this.#memory, start)
    this.#memory[start + checksumLength] = space
  }

  /** Lets go of the lines after the first so many bytes. */
  cut(length: number): void {
    this.#length = length
    if (length === 0 && this.#memory.length > usualBytes) this.#memory = Buffer.allocUnsafe(usualBytes)
  }

  /** Lets go of the lines within the first so many bytes. */
  drop(length: number): void {
    this.#memory.copyWithin(0, length, this.#length)
    this.cut(this.#length - length)
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#memory.length) return
    const larger = Buffer.allocUnsafe(needed * 2)
    this.#memory.copy(larger, 0, 0, this.#length)
    this.#memory = larger
  }
}

/** `toString(16)` takes thirty times as long for a number of 32 bits: 250 ns. */
function writeHex(number: number, into: Buffer, at: number): void {
  for (let i = 0; i < checksumLength; i++)
    into[at + i] = hexDigits[(number >>> (4 * (checksumLength - 1 - i))) & 15] ?? 0
}

function bodyOf(entry: SpoolEntry): string {
  if (entry.kind === 'opened') return entry.decision
  if (entry.kind === 'ended') return entry.outcome
  return `${entry.decision}\t${entry.outcome}`
}

/** The entry of a line, without its line feed; null if the line is not what was written. */
export function readLine(line: Buffer): SpoolEntry | null {
  if (line.length <= bodyAt) return null
  const checksum = Number.parseInt(line.toString('latin1', 0, checksumLength), 16)
  if (crc32(line.subarray(kindAt)) !== checksum) return null
  const id = line.toString('latin1', idAt, idAt + idLength)
  const body = line.toString('utf8', bodyAt)
  switch (line.toString('latin1', kindAt, kindAt + 1)) {
    case letters.opened:
      return { kind: 'opened', id, decision: body }
    case letters.ended:
      return { kind: 'ended', id, outcome: body }
    case letters.whole: {
      const tab = body.indexOf('\t')
      return { kind: 'whole', id, decision: body.slice(0, tab), outcome: body.slice(tab + 1) }
    }
    default:
      return null
  }
}

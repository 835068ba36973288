import { closeSync, fdatasyncSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Log } from '../../contracts/log.ts'
import { readLine, type SpoolEntry } from './line.ts'
import { segmentsIn } from './segments.ts'

const lineFeed = 0x0a
/** Far more than any line has (see `record/`). */
const blockBytes = 4_194_304

/** An entry, and the segment that it came from. */
export type Found = { entry: SpoolEntry; segment: number }

type Settings = {
  directory: string
  /** Whether a segment gets no more lines, as those of processes that are gone. */
  isOver: (segment: number) => boolean
  log: Log
}

type Open = { number: number; file: number; offset: number }

/**
 * Reads a spool from its beginning, while another thread may be writing it. Lines that are not what was written, and a
 * last line that was cut off, are put aside in the folder `damaged` and reported; what comes after them is read.
 */
export function createSpoolReader({ directory, isOver, log }: Settings) {
  const block = Buffer.allocUnsafe(blockBytes)
  let segment: Open | null = null

  /** Opens the segment after a number. False if there is none. */
  function open(after: number): boolean {
    const next = segmentsIn(directory).find(({ number }) => number > after)
    if (next === undefined) return false
    if (segment !== null) closeSync(segment.file)
    segment = { number: next.number, file: openSync(next.path, 'r'), offset: 0 }
    return true
  }

  /** Once, however often it is read. Goes on without where the disk is full: only reading on makes room there. */
  function putAside(bytes: Buffer, { number, offset }: Open, why: string): void {
    const folder = join(directory, 'damaged')
    let kept = true
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, `${number}-${offset}-${crc32(bytes).toString(16)}`), bytes, {
        flag: 'wx',
        mode: 0o600,
      })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
      kept = false
    }
    log.error({ segment: number, offset, bytes: bytes.length, kept }, why)
  }

  /** The entries of whole lines; what is left after the last of them is for the next time, or for good. */
  function take(current: Open, bytes: Buffer): Found[] {
    const found: Found[] = []
    let start = 0
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      const line = bytes.subarray(start, end)
      const entry = line.length === 0 ? null : readLine(line)
      if (entry !== null) found.push({ entry, segment: current.number })
      else if (line.length > 0) putAside(line, current, 'A damaged line of the audit spool was put aside')
      current.offset += end + 1 - start
      start = end + 1
    }
    return found
  }

  /** What comes next; null if there is nothing more for now. */
  function next(): Found[] | null {
    if (segment === null && !open(0)) return null
    for (;;) {
      const current = segment as Open
      // Before the look at what is there: a later segment means that this one gets no more lines.
      const ended = isOver(current.number) || segmentsIn(directory).some(({ number }) => number > current.number)
      const length = readSync(current.file, block, 0, blockBytes, current.offset)
      const bytes = block.subarray(0, length)
      const before = current.offset
      const found = take(current, bytes)
      if (found.length > 0) return found
      if (current.offset > before) continue
      if (length === blockBytes || (ended && length > 0)) {
        putAside(bytes, current, 'A line that was cut off in the audit spool was put aside')
        current.offset += length
      } else if (!ended || !open(current.number)) return null
    }
  }

  return {
    /** Number of the segment that is being read, 0 before the first. Those before it are read to their end. */
    get segment() {
      return segment?.number ?? 0
    },

    /**
     * What comes next, block by block, up to where the spool ends now: a writer that is never still would have no end.
     * All of it is on stable storage, lest a database knows of records that this machine has lost. Throws if the files
     * cannot be read.
     */
    *pass(): Generator<Found[]> {
      const last = segmentsIn(directory).at(-1)
      if (last === undefined) return
      const end = statSync(last.path).size
      const isThere = () => segment !== null && (segment.number - last.number || segment.offset - end) >= 0
      while (!isThere()) {
        const found = next()
        if (found === null) return
        if (segment !== null) fdatasyncSync(segment.file)
        yield found
      }
    },

    close(): void {
      if (segment !== null) closeSync(segment.file)
      segment = null
    },
  }
}

import { closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { SyncMode } from '../../contracts/audit.ts'
import type { Log } from '../../contracts/log.ts'
import { Lines, type SpoolEntry } from './line.ts'
import { bytesIn, segmentPath, segmentsIn } from './segments.ts'

const syncFile = promisify(fdatasync)
/** What file systems give out at once. */
const blockBytes = 4096

/**
 * The spool takes no line: the disk is full, the limit is reached, or the file system fails. What is `written` may be
 * there all the same: it could not be flushed to stable storage, or the disk took a part of what was written with it.
 */
export class SpoolError extends Error {
  override readonly name = 'SpoolError'
  readonly written: boolean

  constructor(message: string, { written }: { written: boolean }) {
    super(message)
    this.written = written
  }
}

type Settings = {
  directory: string
  sync: SyncMode
  /** Bytes that may wait in the spool. */
  limitBytes: number
  segmentBytes?: number
  groupMs?: number
  retryMs?: number
  /** Called when lines were written, for whoever reads them. */
  onWritten?: () => void
  log: Log
}

export type Spool = ReturnType<typeof openSpool>

/**
 * An append-only queue in files, which another thread reads and clears away. A line that was taken is in the operating
 * system's hands: it survives the end of this process, however it ends. Lines that come in one task of the event loop
 * are written together, at its end. Throws if the directory cannot be used.
 */
export function openSpool(settings: Settings) {
  const { directory, sync, limitBytes, segmentBytes = 16_777_216, groupMs = 50, retryMs = 1000 } = settings
  const { onWritten = () => {}, log } = settings
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const first = (segmentsIn(directory).at(-1)?.number ?? 0) + 1
  const folder = openSync(directory, 'r')
  let number = first - 1
  let current: { file: number; length: number } | null = null
  let bytes = bytesIn(directory)
  /** Lines that are waited for, until the end of this task. */
  const awaited = new Lines()
  let writing: Promise<void> | null = null
  /** Lines that wait for the end of this task, or for the disk. */
  const late = new Lines()
  let willWriteLate = false
  let fault: string | null = null
  /** Files with lines that are not on stable storage yet, or the folder with a new file, and whoever waits for them. */
  let unsynced: number[] = []
  let waiting: PromiseWithResolvers<void>[] = []
  let syncing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false

  function begin() {
    const file = openSync(segmentPath(directory, number + 1), 'ax', 0o600)
    number++
    owe(folder)
    return { file, length: 0 }
  }

  /**
   * Writes lines, and returns how many bytes of them were taken: all, or as many whole lines as the disk had room for.
   * Those stay, as whoever reads the file may have seen them.
   */
  function write(lines: Buffer): number {
    let taken = 0
    try {
      current ??= begin()
      const written = writeSync(current.file, lines)
      taken = written === lines.length ? written : lines.subarray(0, written).lastIndexOf('\n') + 1
      if (taken > 0) count(current, taken)
      if (written < lines.length) throw Object.assign(new Error('The disk took a part only'), { code: 'ENOSPC' })
    } catch (error) {
      takeBack()
      note(codeOf(error))
    }
    if (current !== null && current.length >= segmentBytes) current = null
    return taken
  }

  function count(segment: { file: number; length: number }, taken: number): void {
    segment.length += taken
    bytes += taken
    owe(segment.file)
    if (sync === 'group') timer ??= setTimeout(synchronise, groupMs).unref()
    onWritten()
  }

  /** A part of a line may be there: it goes, or the rest of its file does. */
  function takeBack(): void {
    if (current === null) return
    try {
      ftruncateSync(current.file, current.length)
    } catch {
      owe(current.file)
      current = null
    }
  }

  function owe(file: number): void {
    if (!unsynced.includes(file)) unsynced.push(file)
  }

  function note(code: string): void {
    if (fault === null) log.error({ code, bytes }, 'The audit spool takes no records')
    fault = code
    retry ??= setTimeout(tryAgain, retryMs).unref()
  }

  /** Empty lines are no entries: a block of them shows whether there is room again, and not a rest of the last one. */
  function tryAgain(): void {
    if (retry !== null) clearTimeout(retry)
    retry = null
    const room = Buffer.alloc(fault === 'LIMIT' ? 1 : blockBytes, '\n')
    if (closed || bytes + room.length > limitBytes || write(room) < room.length) return
    late.drop(write(late.bytes))
    if (late.length > 0) return
    fault = null
    log.info({ bytes }, 'The audit spool takes records again')
  }

  async function writeAwaited(): Promise<void> {
    await null
    writing = null
    const taken = write(awaited.bytes)
    const isWhole = taken === awaited.length
    awaited.cut(0)
    if (!isWhole) throw refusal({ written: taken > 0 })
    if (sync === 'group') return
    const told = Promise.withResolvers<void>()
    waiting.push(told)
    void synchronise()
    return told.promise
  }

  function writeLate(): void {
    willWriteLate = false
    if (late.length > 0) late.drop(write(late.bytes))
  }

  function synchronise(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    syncing ??= flush().finally(() => {
      syncing = null
      if (waiting.length > 0) void synchronise()
    })
    return syncing
  }

  async function flush(): Promise<void> {
    const files = unsynced
    const told = waiting
    unsynced = []
    waiting = []
    try {
      for (const file of files) await syncFile(file)
      for (const one of told) one.resolve()
    } catch (error) {
      // What the system did not manage to write it may have dropped: these files are not to be trusted any more,
      // whoever has written to them since.
      current = null
      for (const one of told.concat(waiting)) one.reject(refusal({ written: true }))
      waiting = []
      note(codeOf(error))
    }
    const kept = [folder, current?.file, ...unsynced]
    for (const file of files) if (!kept.includes(file)) closeFile(file)
  }

  return {
    /** Number of the first segment that this process writes. Older ones are left over from others. */
    first,

    /**
     * Takes a line: it is written, and with `always` flushed, when the promise resolves. Throws or rejects with
     * `SpoolError`.
     */
    append(entry: SpoolEntry): Promise<void> {
      if (fault !== null || closed) throw refusal({ written: false })
      const before = awaited.length
      awaited.add(entry)
      if (bytes + awaited.length > limitBytes) {
        awaited.cut(before)
        note('LIMIT')
        throw refusal({ written: false })
      }
      writing ??= writeAwaited()
      return writing
    },

    /** Takes a line that need not be waited for: at the end of this task, or when there is room again. */
    appendLater(entry: SpoolEntry): void {
      late.add(entry)
      if (fault !== null || closed || willWriteLate) return
      willWriteLate = true
      queueMicrotask(writeLate)
    },

    /** Notes that so many bytes were cleared away. */
    release(cleared: number): void {
      bytes -= cleared
      if (fault !== null) tryAgain()
    },

    /** Bytes that wait. */
    get bytes() {
      return bytes
    },

    /** Why it takes no lines; null while it does. A system's error code, or `LIMIT`. */
    get fault() {
      return fault
    },

    async close(): Promise<void> {
      while (writing !== null) await writing.catch(() => {})
      // The numbers of files that were closed may be those of others by now.
      if (closed) return
      writeLate()
      closed = true
      if (late.length > 0) log.error({ bytes: late.length }, 'How calls ended could not be written to the audit spool')
      do await synchronise()
      while (unsynced.length > 0 || syncing !== null)
      for (const one of [timer, retry]) if (one !== null) clearTimeout(one)
      if (current !== null) closeFile(current.file)
      current = null
      closeFile(folder)
    },
  }
}

function refusal(what: { written: boolean }): SpoolError {
  return new SpoolError('The audit spool takes no records', what)
}

/** A file system may tell only now that it has failed before. */
function closeFile(file: number): void {
  try {
    closeSync(file)
  } catch {
    // What was in the file is lost or not, as its flush said.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}

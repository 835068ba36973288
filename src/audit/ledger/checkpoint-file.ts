import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { appendWhole } from './append-whole.ts'

/** What a checkpoint says, to those who trust the place where they found it. `root` is base64. */
export type KeptCheckpoint = { size: number; root: string; note: string }

export type CheckpointFile = ReturnType<typeof createCheckpointFile>

type Places = {
  /** A file that holds room for what has to be written although the disk is full. */
  reserve: string
  /** Where the last of what was cut off is kept. Not beside the checkpoints: whatever is there counts as one. */
  torn: string
}

const reserveBytes = 65_536
const mostTornBytes = 16_384

/** As bytes in latin1, in which a damaged character moves no other. The dash is three bytes. */
const start = 'ai-governance-proxy/'
const wellFormed =
  /^ai-governance-proxy\/[^\n]+\n(0|[1-9]\d{0,15})\n([A-Za-z\d+/]+=*)\n(?:[^\n]+\n)*\n(?:\xe2\x80\x94 [^\n]+\n)+(?=\n)/
/** No note of ours is longer. */
const longest = 4096

/**
 * The checkpoints of one log beside the database: notes one after another, each followed by an empty line. A spool that
 * has filled the disk is cleared only once a checkpoint is written: the file `reserve` holds the room for it.
 */
export function createCheckpointFile(path: string, { reserve, torn }: Places) {
  hold()

  function hold(): void {
    if (existsSync(reserve)) return
    try {
      writeFileSync(reserve, Buffer.alloc(reserveBytes), { mode: 0o600 })
    } catch {
      rmSync(reserve, { force: true })
    }
  }

  /** Writes, if need be in the room that was held. */
  async function withRoom(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch {
      rmSync(reserve, { force: true })
      await write()
    }
  }

  /**
   * What stands after the last note was cut off when it was written, or is damaged: the next one needs an end before
   * it.
   */
  function mend(): { last: KeptCheckpoint | null; cutBytes: number } {
    const bytes = bytesOf(path)
    const { last, end } = lastOf(bytes)
    const tail = bytes.subarray(end)
    if (tail.length > 0) {
      rmSync(reserve, { force: true })
      const kept = Buffer.concat([bytesOf(torn), tail]).subarray(-mostTornBytes)
      writeFileSync(torn, kept, { mode: 0o600, flush: true })
      truncateSync(path, end)
      hold()
    }
    return { last, cutBytes: tail.length }
  }

  return {
    /** On stable storage when it resolves. Rejects if it could not be kept, and then leaves no part of it. */
    async append(note: string): Promise<void> {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      await withRoom(() => appendWhole(path, `${note}\n`))
    },

    /** The last one that is whole; null if there is none. What was damaged before it is left as it is. */
    last: (): KeptCheckpoint | null => mend().last,

    /** Cuts off what stands after the last one, and returns how many bytes that were. */
    mend: (): number => mend().cutBytes,
  }
}

/** The last one of a file that is whole, which is left as it is. */
export function lastKept(path: string): KeptCheckpoint | null {
  return lastOf(bytesOf(path)).last
}

/** Looked for from the end, so that no damage before it hides it. `end` is after its empty line. */
function lastOf(bytes: Buffer): { last: KeptCheckpoint | null; end: number } {
  for (let at = bytes.lastIndexOf(start); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(start, at - 1)) {
    const [note, size, root = ''] = wellFormed.exec(bytes.toString('latin1', at, at + longest)) ?? []
    if (note === undefined) continue
    const last = { size: Number(size), root, note: Buffer.from(note, 'latin1').toString() }
    return { last, end: at + note.length + 1 }
  }
  return { last: null, end: 0 }
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

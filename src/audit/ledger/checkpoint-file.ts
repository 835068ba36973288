import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { splitNotes } from '../../transparency/note.ts'

/** What a checkpoint says, to those who trust the place where they found it. `root` is base64. */
export type KeptCheckpoint = { size: number; root: string; note: string }

export type CheckpointFile = ReturnType<typeof createCheckpointFile>

const reserveBytes = 65_536

/**
 * The checkpoints of one log beside the database: notes one after another, each followed by an empty line. A spool that
 * has filled the disk is cleared only once a checkpoint is written: the file `reserve` holds the room for it.
 */
export function createCheckpointFile(path: string, reserve: string) {
  hold()

  function hold(): void {
    if (existsSync(reserve)) return
    try {
      writeFileSync(reserve, Buffer.alloc(reserveBytes), { mode: 0o600 })
    } catch {
      rmSync(reserve, { force: true })
    }
  }

  function write(note: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, 'a', 0o600)
    const before = fstatSync(file).size
    try {
      const bytes = Buffer.from(`${note}\n`)
      if (writeSync(file, bytes) < bytes.length) throw new Error('A checkpoint was not written whole')
      fsyncSync(file)
    } catch (error) {
      ftruncateSync(file, before)
      throw error
    } finally {
      closeSync(file)
    }
  }

  return {
    /** On stable storage when it returns. Throws if it could not be kept, and then leaves no part of it. */
    append(note: string): void {
      try {
        write(note)
      } catch {
        rmSync(reserve, { force: true })
        write(note)
      }
    },

    /** The last one; null if there is none. What stands after it was cut off when it was written, and goes. */
    last(): KeptCheckpoint | null {
      const text = textOf(path)
      let note: string | null = null
      let end = 0
      for (const found of splitNotes(text.toString('utf8'))) {
        const next = end + Buffer.byteLength(found) + 1
        if (next > text.length || !/\n\n— [^\n]+\n$/.test(found)) break
        note = found
        end = next
      }
      if (text.length > end) truncateSync(path, end)
      if (note === null) return null
      const [, size = '', root = ''] = note.split('\n')
      return { size: Number(size), root, note }
    },
  }
}

function textOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { splitNotes } from '../../src/transparency/note.ts'
import { CommandError } from '../command.ts'

/**
 * Checkpoints that were kept outside the database: of files of notes, or of directories of such files. A place that is
 * given and has none is a fault: without the checkpoints that it was to have, a log that was cut off is found intact.
 */
export async function keptNotes(places: readonly string[]): Promise<string[]> {
  const notes: string[] = []
  for (const place of places) {
    const found = await notesAt(place)
    if (found === null) throw new CommandError(`--checkpoints: ${place} does not exist.`)
    if (found.length === 0) throw new CommandError(`--checkpoints: there is no checkpoint in ${place}.`)
    notes.push(...found)
  }
  return notes
}

/** Null if the place does not exist. */
export async function notesAt(place: string): Promise<string[] | null> {
  const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return null
  const files = found.isDirectory() ? (await readdir(place)).map(name => join(place, name)) : [place]
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8')))
  return texts.flatMap(text => [...splitNotes(text)]).filter(note => note.trim() !== '')
}

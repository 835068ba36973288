import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What a file is written of. */
export type Pieces = AsyncIterable<string | Buffer> | Iterable<string | Buffer>

/**
 * A file is there once it is whole: one of before is kept until then. A pipe or a device takes what comes, as it comes.
 */
export async function save(pieces: Pieces, given: string): Promise<void> {
  const file = await realpath(given).catch(() => given)
  const before = await stat(file).catch(() => null)
  const writeTo = (path: string) => pipeline(Readable.from(pieces), createWriteStream(path, { mode: 0o600 }))
  if (before !== null && !before.isFile()) return writeTo(file)
  const draft = `${file}.new`
  try {
    await writeTo(draft)
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

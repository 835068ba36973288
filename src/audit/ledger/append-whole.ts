import { open } from 'node:fs/promises'

/**
 * Appends to a file, on stable storage when it resolves. Rejects if that could not be done, and then leaves no part of
 * it, which would spoil whatever comes next.
 */
export async function appendWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    const before = (await file.stat()).size
    let written = 0
    try {
      const bytes = Buffer.from(text)
      written = (await file.write(bytes)).bytesWritten
      if (written < bytes.length) throw new Error('There was no room for all of it')
      await file.sync()
    } catch (error) {
      // Several proxies may append to one file: what another one wrote meanwhile stays.
      if ((await file.stat()).size === before + written) await file.truncate(before)
      throw error
    }
  } finally {
    await file.close()
  }
}

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'

/**
 * Appends to a file, on stable storage when it returns. Throws if that could not be done, and then leaves no part of it,
 * which would spoil whatever comes next.
 */
export function appendWhole(path: string, text: string): void {
  const file = openSync(path, 'a', 0o600)
  try {
    const before = fstatSync(file).size
    let written = 0
    try {
      const bytes = Buffer.from(text)
      written = writeSync(file, bytes)
      if (written < bytes.length) throw new Error('There was no room for all of it')
      fsyncSync(file)
    } catch (error) {
      // Several proxies may append to one file: what another one wrote meanwhile stays.
      if (fstatSync(file).size === before + written) ftruncateSync(file, before)
      throw error
    }
  } finally {
    closeSync(file)
  }
}

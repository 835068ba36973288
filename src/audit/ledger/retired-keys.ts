import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fileIn = (directory: string) => join(directory, 'retired-keys')

/** Every public key that signed here, and that which does, as verifier keys: the last that was new comes last. */
export function rememberedKeys(directory: string): string[] {
  return textOf(fileIn(directory))
    .split('\n')
    .filter(key => key !== '')
}

/**
 * Keeps public keys. Those that are used are kept from their first use on: what was signed with a private key that is
 * gone can be verified all the same, and a key that is taken out of a setting does not say so before.
 */
export function rememberKeys(directory: string, keys: readonly string[]): void {
  const known = new Set(rememberedKeys(directory))
  if (keys.every(key => known.has(key))) return
  const path = fileIn(directory)
  writeFileSync(`${path}.new`, [...known.union(new Set(keys))].map(key => `${key}\n`).join(''), {
    mode: 0o600,
    flush: true,
  })
  renameSync(`${path}.new`, path)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

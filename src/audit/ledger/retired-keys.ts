import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appendWhole } from './append-whole.ts'

const fileIn = (directory: string) => join(directory, 'retired-keys')

/** Every public key that signed here, and that which does, as verifier keys: the last that was new comes last. */
export function rememberedKeys(directory: string): string[] {
  return textOf(fileIn(directory))
    .split('\n')
    .filter(key => key !== '')
}

/**
 * Keeps public keys. Those that are used are kept from their first use on: what was signed with a private key that is gone
 * can be verified all the same, and a key that is taken out of a setting does not say so before.
 */
export function rememberKeys(directory: string, keys: readonly string[]): void {
  const known = new Set(rememberedKeys(directory))
  const lines = [...new Set(keys)].filter(key => !known.has(key)).map(key => `${key}\n`)
  if (lines.length > 0) appendWhole(fileIn(directory), lines.join(''))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

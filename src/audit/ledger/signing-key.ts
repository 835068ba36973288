import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createSigner, generatePrivateKey } from '../../transparency/keys.ts'

/**
 * The installation's private key, PKCS #8 in PEM: the one that is given, or else that of a file, made at the first use.
 * Throws if it is no Ed25519 key.
 */
export function loadSigningKey(path: string, given: string | null): string {
  const key = given ?? makeOnce(path)
  createSigner(key)
  return key
}

/** Several processes may start at once: whoever creates the file makes the key. */
function makeOnce(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, generatePrivateKey(), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8')
}

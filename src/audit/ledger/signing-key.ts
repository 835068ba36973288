import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** Several processes may start at once, and one may end halfway: the first whole key that is there is the key. */
function makeOnce(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) {
    const draft = `${path}.${randomUUID()}`
    writeFileSync(draft, generatePrivateKey(), { flag: 'wx', mode: 0o600, flush: true })
    try {
      linkSync(draft, path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      rmSync(draft)
    }
  }
  return readFileSync(path, 'utf8')
}

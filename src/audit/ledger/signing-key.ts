import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createSigner, generatePrivateKey } from '../../transparency/keys.ts'
import { rememberKeys } from './retired-keys.ts'

/**
 * The installation's private key, PKCS #8 in PEM: the one that is given, or else that of a file, made at the first use.
 * Its public half is kept beside that file, and so is the file's own. Throws if it is no Ed25519 key.
 */
export function loadSigningKey(path: string, given: string | null): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const key = given ?? makeOnce(path)
  rememberKeys(dirname(path), publicHalves(path, key))
  return key
}

/**
 * Of the key that is given, and of that of the file, which may have signed before: those that there are. Makes none.
 */
export function publicHalves(path: string, given: string | null): string[] {
  if (given !== null) return [createSigner(given).verifierKey, ...unusedHalf(path)]
  return existsSync(path) ? [createSigner(readFileSync(path, 'utf8')).verifierKey] : []
}

/** A file that is not used may be of any kind. */
function unusedHalf(path: string): string[] {
  try {
    return [createSigner(readFileSync(path, 'utf8')).verifierKey]
  } catch {
    return []
  }
}

/** Several processes may start at once, and one may end halfway: the first whole key that is there is the key. */
function makeOnce(path: string): string {
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

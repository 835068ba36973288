import { renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatePrivateKey } from '../../transparency/keys.ts'
import { rememberedKeys } from './retired-keys.ts'
import { loadSigningKey, publicHalves } from './signing-key.ts'

const keyFile = (dataDir: string) => join(dataDir, 'audit', 'signing-key.pem')

/**
 * The installation's public keys as verifier keys, the one in use first: what an auditor has to be given. None if it
 * has none: looking for them makes none.
 */
export function publicKeys(dataDir: string, signingKey: string | null): string[] {
  const path = keyFile(dataDir)
  return [...new Set([...publicHalves(path, signingKey), ...rememberedKeys(dirname(path)).toReversed()])]
}

/** Makes the private key that signs from the first start on, unless there is one. */
export function makeKey(dataDir: string, signingKey: string | null): void {
  loadSigningKey(keyFile(dataDir), signingKey)
}

/**
 * Puts a new private key in place of the one in the data directory, of which the public half is kept. Proxies sign with
 * it from their next start on.
 */
export function rotateKey(dataDir: string): void {
  const path = keyFile(dataDir)
  loadSigningKey(path, null)
  writeFileSync(`${path}.new`, generatePrivateKey(), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner, generatePrivateKey } from '../../transparency/keys.ts'
import { loadSigningKey } from './signing-key.ts'

const keyFile = (dataDir: string) => join(dataDir, 'audit', 'signing-key.pem')
const retiredFile = (dataDir: string) => join(dataDir, 'audit', 'retired-keys')

/** Whether this installation has a key: looking for it makes none. */
export const hasKey = (dataDir: string, signingKey: string | null) =>
  signingKey !== null || existsSync(keyFile(dataDir))

/** The installation's public keys as verifier keys, the one in use first: what an auditor has to be given. */
export function publicKeys(dataDir: string, signingKey: string | null): string[] {
  const current = createSigner(loadSigningKey(keyFile(dataDir), signingKey)).verifierKey
  const retired = textOf(retiredFile(dataDir)).split('\n')
  return [current, ...retired.filter(key => key !== '' && key !== current).toReversed()]
}

/**
 * Puts a new private key in place of the one in the data directory, of which the public half is kept. Proxies sign with
 * it from their next start on. Returns the new public key.
 */
export function rotateKey(dataDir: string): string {
  const [retiring] = publicKeys(dataDir, null)
  appendFileSync(retiredFile(dataDir), `${retiring}\n`, { mode: 0o600, flush: true })
  const next = generatePrivateKey()
  writeFileSync(`${keyFile(dataDir)}.new`, next, { mode: 0o600, flush: true })
  renameSync(`${keyFile(dataDir)}.new`, keyFile(dataDir))
  return createSigner(next).verifierKey
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

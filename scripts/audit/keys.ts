import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { makeKey, publicKeys, rotateKey } from '../../src/audit/ledger/public-keys.ts'
import { loadConfig } from '../../src/config.ts'
import { parseVerifierKey, type VerifierKey } from '../../src/transparency/keys.ts'
import { CommandError } from '../command.ts'
import { subcommand } from '../subcommand.ts'

export const keys = subcommand(
  [
    'keys [--rotate]',
    'public keys of this installation, for auditors; --rotate: sign with a new key from the next start on',
  ],
  { rotate: { type: 'boolean', default: false } },
  [],
  async ({ values: { rotate } }) => {
    const { dataDir, audit } = loadConfig()
    if (rotate && audit.signingKey !== null)
      throw new CommandError('The key is given by AUDIT_SIGNING_KEY: change it there.')
    if (rotate) rotateKey(dataDir)
    else if (publicKeys(dataDir, audit.signingKey).length === 0) makeKey(dataDir, audit.signingKey)
    for (const key of publicKeys(dataDir, audit.signingKey)) console.log(key)
  },
)

/** Keys as they are given: each a verifier key, or a file with one a line. Without any, those of this installation. */
export async function trustedKeys(given: readonly string[] | undefined): Promise<VerifierKey[]> {
  if (given === undefined) {
    const { dataDir, audit } = loadConfig()
    const known = publicKeys(dataDir, audit.signingKey)
    if (known.length === 0) throw new CommandError('--public-key is needed: no key of the proxy is in DATA_DIR.')
    return known.map(parseVerifierKey)
  }
  const texts = await Promise.all(given.map(key => (existsSync(key) ? readFile(key, 'utf8') : key)))
  const lines = texts.flatMap(text => text.split('\n')).filter(line => line.trim() !== '')
  try {
    return lines.map(line => parseVerifierKey(line.trim()))
  } catch {
    throw new CommandError('--public-key must be a public key as "npm run audit -- keys" prints it, or a file of them.')
  }
}

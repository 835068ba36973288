// A process that authenticates keys and then counts whose secrets its memory still holds. Run with --expose-gc.
import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'
import bcrypt from 'bcrypt'
import { createKeyring } from '../../src/keys/keyring.ts'
import type { StoredKey } from '../../src/keys/store.ts'
import { formatToken, mintToken, presentedToken } from '../../src/keys/token.ts'

const rows = new Map<string, StoredKey>()
/** What came over the wire: outside the heap, as a socket's bytes are. */
const requests: Buffer[] = []

async function addKey(): Promise<void> {
  const token = mintToken()
  const id = Buffer.from(token.id).toString()
  const apiKeyHash = await bcrypt.hash(token.secret, 4)
  rows.set(id, {
    id,
    customerId: 'customer',
    name: '',
    createdAt: new Date(),
    customer: { email: 'alice@example.com' },
    scopes: [],
    apiKeyHash,
    isActive: true,
    expiresAt: null,
    revokedAt: null,
  })
  requests.push(Buffer.from(`Bearer ${formatToken(token)}`))
}

async function heap(): Promise<string> {
  await sleep(50)
  globalThis.gc?.()
  let text = ''
  for await (const chunk of getHeapSnapshot()) text += chunk
  return text
}

for (let i = 0; i < 20; i++) await addKey()
const log = { debug() {}, info() {}, warn() {}, error() {} }
const keyring = createKeyring({ find: async id => rows.get(id) ?? null, ttlMs: 60_000, staleMs: 0, log })
for (let round = 0; round < 3; round++) {
  for (const bytes of requests) await keyring.authenticate(presentedToken({ authorization: bytes.toString('latin1') }))
}
// The language itself keeps what a regular expression matched last.
;/x/.exec('x')

const text = await heap()
const held = (from: number, to?: number) =>
  requests.filter(bytes => text.includes(bytes.toString('latin1').slice(from, to))).length
console.log(JSON.stringify({ ids: held(11, 47), secrets: held(48) }))

import { randomUUID } from 'node:crypto'
import bcrypt from 'bcrypt'
import { createKeyring } from '../../src/keys/keyring.ts'
import type { StoredKey } from '../../src/keys/store.ts'
import { formatToken, mintToken, type Token } from '../../src/keys/token.ts'

// The lowest work factor that bcrypt has: what is tested is who is compared, not how long that takes.
const cost = 4
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** A store in memory that counts its look-ups and can fail or wait, with a keyring on a clock of its own. */
export function setUp(settings: Partial<Parameters<typeof createKeyring>[0]> = {}) {
  const rows = new Map<string, StoredKey>()
  const used: string[] = []
  const store = { lookUps: 0, fails: false, before: async () => {}, after: async () => {} }
  const clock = { ms: 0 }
  const keyring = createKeyring({
    async find(id) {
      store.lookUps++
      await store.before()
      if (store.fails) throw new Error('the store is away')
      const row = rows.get(id)
      await store.after()
      return row ?? null
    },
    ttlMs: 60_000,
    staleMs: 300_000,
    onUse: id => used.push(id),
    now: () => clock.ms,
    log,
    ...settings,
  })

  async function add(token: Token = mintToken(), row: Partial<StoredKey> = {}) {
    const apiKeyHash = await bcrypt.hash(token.secret, cost)
    const { id } = token
    rows.set(id, {
      id,
      customerId: randomUUID(),
      name: 'first',
      createdAt: new Date(0),
      customer: { email: 'alice@example.com' },
      scopes: [],
      apiKeyHash,
      isActive: true,
      expiresAt: null,
      revokedAt: null,
      ...row,
    })
    return formatToken(token)
  }

  return { keyring, rows, used, store, clock, add }
}

/** A key whose id says nothing of its secret, so that wrong secrets for it reach bcrypt. */
export function unsealed(): Token {
  return { ...mintToken(), id: randomUUID() }
}

export function wrongFor(token: string): string {
  return token.slice(0, 41) + mintToken().secret
}

export async function outcome(attempt: () => unknown): Promise<unknown> {
  try {
    return await attempt()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

export function rowOf(rows: Map<string, StoredKey>, id: string): StoredKey {
  const row = rows.get(id)
  if (row === undefined) throw new Error('no such row')
  return row
}

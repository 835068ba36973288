import { randomUUID } from 'node:crypto'
import bcrypt from 'bcrypt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyring } from '../../src/keys/keyring.ts'
import { createKeyStore, type KeyStore } from '../../src/keys/store.ts'
import { parseToken } from '../../src/keys/token.ts'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let keys: KeyStore

beforeAll(async () => {
  database = await testDatabase()
  keys = createKeyStore(database.prisma)
})
afterAll(() => database.close())

const anyone = () => `${randomUUID()}@example.com`

test('a key that was made authenticates, and what is stored of it is a bcrypt hash of the secret', async () => {
  const expiresAt = new Date(Date.now() + 60_000)
  const made = await keys.create({ email: anyone(), name: 'ci', expiresAt })
  const { id = '', secret = '' } = parseToken(made.token) ?? {}
  expect(id).toBe(made.id)
  const row = await keys.find(id)
  expect(row).toMatchObject({ id, customerId: made.customerId, isActive: true, expiresAt, revokedAt: null })
  expect(row?.apiKeyHash).toMatch(/^\$2b\$10\$/)
  expect(await bcrypt.compare(secret, row?.apiKeyHash ?? '')).toBe(true)

  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const keyring = createKeyring({ find: keys.find, ttlMs: 60_000, staleMs: 0, log })
  expect(await keyring.authenticate(made.token)).toMatchObject({ customerId: made.customerId, keyId: id })
  expect(await keys.revoke(id)).toBe(true)
  keyring.forget(id)
  await expect(async () => keyring.authenticate(made.token)).rejects.toMatchObject({ code: 'invalid_api_key' })
})

test('there is no key by an id that was never made', async () => {
  expect(await keys.find(randomUUID())).toBeNull()
})

test('ten keys at once for an address make one customer, however it is spelled', async () => {
  const email = anyone()
  const spellings = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? email : email.toUpperCase()))
  const made = await Promise.all(spellings.map(spelling => keys.create({ email: spelling })))
  expect(new Set(made.map(({ customerId }) => customerId)).size).toBe(1)
  expect(new Set(made.map(({ id }) => id)).size).toBe(10)
  expect(await keys.findCustomer(email.toUpperCase())).toBe(made[0]?.customerId)
})

test('keys are listed without their hashes, of one customer or of all', async () => {
  const [email, other] = [anyone(), anyone()]
  const { id } = await keys.create({ email, name: 'one' })
  await keys.create({ email: other })
  const listed = await keys.list(email)
  expect(listed).toMatchObject([{ id, name: 'one', customer: { email } }])
  expect(JSON.stringify(await keys.list())).not.toMatch(/\$2b|hash/i)
  expect((await keys.list()).length).toBeGreaterThanOrEqual(2)
})

test('a key is revoked once', async () => {
  const { id } = await keys.create({ email: anyone() })
  expect(await keys.revoke(id)).toBe(true)
  expect(await keys.find(id)).toMatchObject({ isActive: false, revokedAt: expect.any(Date) })
  expect(await keys.revoke(id)).toBe(false)
  expect(await keys.revoke(randomUUID())).toBe(false)
})

describe('the last use of keys', () => {
  test('is written for many at once, and never goes back', async () => {
    const email = anyone()
    const [one, two] = [await keys.create({ email }), await keys.create({ email })]
    const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00.123Z')]
    const lastUsed = async () => new Map((await keys.list(email)).map(({ id, lastUsedAt }) => [id, lastUsedAt]))
    await keys.touch(
      new Map([
        [one.id, late],
        [two.id, early],
        [randomUUID(), late],
      ]),
    )
    expect(await lastUsed()).toEqual(
      new Map([
        [one.id, late],
        [two.id, early],
      ]),
    )
    await keys.touch(
      new Map([
        [one.id, early],
        [two.id, late],
      ]),
    )
    expect(await lastUsed()).toEqual(
      new Map([
        [one.id, late],
        [two.id, late],
      ]),
    )
  })
})

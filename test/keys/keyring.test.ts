import bcrypt from 'bcrypt'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mintToken } from '../../src/keys/token.ts'
import { outcome, rowOf, setUp, unsealed } from './ring.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a right key', () => {
  test('is looked up and compared once, then answered at once', async () => {
    const { keyring, store, add, rows, used } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add()
    const first = keyring.authenticate(token)
    expect(first).toBeInstanceOf(Promise)
    const [row] = [...rows.values()]
    expect(await first).toMatchObject({ customerId: row?.customerId, keyId: row?.id, keyName: row?.name })
    for (let i = 0; i < 100; i++) expect(keyring.authenticate(token)).toEqual(await first)
    expect(store.lookUps).toBe(1)
    expect(compare).toHaveBeenCalledTimes(1)
    expect(used).toHaveLength(101)
  })

  test('a hundred first calls at once share one look-up and one comparison', async () => {
    const { keyring, store, add } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add()
    await Promise.all(Array.from({ length: 100 }, () => keyring.authenticate(token)))
    expect(store.lookUps).toBe(1)
    expect(compare).toHaveBeenCalledTimes(1)
  })

  test('is looked up again after its time, without another comparison', async () => {
    const { keyring, store, clock, add } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add()
    await keyring.authenticate(token)
    clock.ms = 60_000
    await keyring.authenticate(token)
    expect(store.lookUps).toBe(2)
    expect(compare).toHaveBeenCalledTimes(1)
  })

  test('is compared anew when its hash changed', async () => {
    const { keyring, rows, add } = setUp()
    const minted = mintToken()
    const token = await add(minted)
    await keyring.authenticate(token)
    await add(minted)
    keyring.forget(minted.id)
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: minted.id })
    rows.delete(minted.id)
    keyring.forget(minted.id)
    expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
  })
})

test('a token whose key was given another secret is refused', async () => {
  const { keyring, rows, add } = setUp()
  const minted = unsealed()
  const token = await add(minted)
  await keyring.authenticate(token)
  await add({ ...minted, secret: mintToken().secret })
  expect(rows.size).toBe(1)
  keyring.forget(minted.id)
  expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
})

test('memory is bounded: who was forgotten is compared again, and that counts as no failure', async () => {
  const { keyring, store, add } = setUp({ maxEntries: 1 })
  const tokens = [await add(unsealed()), await add(unsealed())]
  for (let i = 0; i < 40; i++) {
    expect(await keyring.authenticate(tokens[i % 2] ?? '')).toMatchObject({ keyId: expect.any(String) })
  }
  expect(store.lookUps).toBeGreaterThanOrEqual(40)
})

describe('a key that may not be used', () => {
  test.each([
    ['inactive', { isActive: false }],
    ['revoked', { revokedAt: new Date() }],
    ['expired', { expiresAt: new Date(Date.now() - 1) }],
  ])('is refused like a wrong one when %s', async (_case, row) => {
    const { keyring, add, used } = setUp()
    const token = await add(mintToken(), row)
    expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
    expect(used).toEqual([])
  })

  test('expires at its very millisecond, though it is cached', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { keyring, add } = setUp()
    const expiresAt = new Date(Date.now() + 5_000)
    const token = await add(mintToken(), { expiresAt })
    await keyring.authenticate(token)
    vi.setSystemTime(expiresAt.getTime() - 1)
    expect(keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
    vi.setSystemTime(expiresAt)
    expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
  })

  test('is refused from the moment it is forgotten', async () => {
    const { keyring, rows, add } = setUp()
    const minted = mintToken()
    const token = await add(minted)
    await keyring.authenticate(token)
    await add(minted, { revokedAt: new Date(), apiKeyHash: rows.get(minted.id)?.apiKeyHash ?? '' })
    expect(keyring.authenticate(token)).toMatchObject({ keyId: minted.id })
    keyring.forget(minted.id)
    expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
  })

  test('is not cached again by a look-up that read it before it was revoked', async () => {
    const { keyring, rows, store, clock, add } = setUp()
    const minted = mintToken()
    const token = await add(minted)
    await keyring.authenticate(token)
    clock.ms = 60_000
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    store.after = () => answered
    const racing = outcome(() => keyring.authenticate(token))
    await new Promise(setImmediate)
    rows.set(minted.id, { ...rowOf(rows, minted.id), revokedAt: new Date() })
    keyring.forget(minted.id)
    store.after = async () => {}
    answer()
    await racing
    expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
  })

  test('revoked during its first comparison, it is refused, and so is who came later', async () => {
    const { keyring, rows, add } = setUp()
    const minted = mintToken()
    const token = await add(minted)
    const { promise: compared, resolve: finish } = Promise.withResolvers<void>()
    vi.spyOn(bcrypt, 'compare').mockImplementationOnce(() => compared.then(() => true))
    const first = outcome(() => keyring.authenticate(token))
    await new Promise(setImmediate)
    rows.set(minted.id, { ...rowOf(rows, minted.id), revokedAt: new Date() })
    keyring.forget(minted.id)
    const later = outcome(() => keyring.authenticate(token))
    finish()
    expect(await Promise.all([first, later])).toEqual(['invalid_api_key', 'invalid_api_key'])
  })
})

describe('when the store fails', () => {
  test('a known key is served for as long as is tolerated, then refused with 503', async () => {
    const { keyring, store, clock, add } = setUp({ ttlMs: 1_000, staleMs: 5_000 })
    const token = await add()
    await keyring.authenticate(token)
    store.fails = true
    clock.ms = 6_000
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
    clock.ms = 6_001
    expect(await outcome(() => keyring.authenticate(token))).toBe('storage_unavailable')
    store.fails = false
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })

  test('a key that is new here is refused with 503, and served once the store is back', async () => {
    const { keyring, store, add } = setUp()
    const token = await add()
    store.fails = true
    expect(await outcome(() => keyring.authenticate(token))).toBe('storage_unavailable')
    store.fails = false
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })
})

test('ten thousand keys are answered with no look-up, and take no longer than one by much', async () => {
  const { keyring, rows, store, add } = setUp()
  const compared = vi.spyOn(bcrypt, 'compare').mockResolvedValue(true as never)
  const hash = vi.spyOn(bcrypt, 'hash').mockResolvedValue('hashed' as never)
  const tokens = await Promise.all(Array.from({ length: 10_000 }, () => add()))
  for (const token of tokens) await keyring.authenticate(token)
  expect([rows.size, store.lookUps, compared.mock.calls.length, hash.mock.calls.length]).toEqual(Array(4).fill(10_000))

  const one = tokens.slice(0, 1)
  const nsPerCall = (some: string[]) => {
    const started = performance.now()
    for (let i = 0; i < 100_000; i++) keyring.authenticate(some[i % some.length] ?? '')
    return (performance.now() - started) * 10
  }
  nsPerCall(tokens)
  const [single, many] = [nsPerCall(one), nsPerCall(tokens)]
  expect(store.lookUps).toBe(10_000)
  // A walk over the keys would take thousands of times as long; caches of the processor account for a factor of two.
  expect(many).toBeLessThan(single * 10)
})

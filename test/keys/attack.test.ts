// Whoever floods the proxy with wrong keys may neither starve the holders of right ones nor lock one of them out.
import bcrypt from 'bcrypt'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { formatToken, mintToken } from '../../src/keys/token.ts'
import { outcome, setUp, unsealed, wrongFor } from './ring.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const many = Array.from({ length: 50 })

describe('wrong secrets for a known id', () => {
  test('cost neither a look-up nor a comparison, however many come', async () => {
    const { keyring, store, add } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add()
    for (let i = 0; i < 1_000; i++) {
      expect(await outcome(() => keyring.authenticate(wrongFor(token)))).toBe('invalid_api_key')
    }
    expect(store.lookUps).toBe(0)
    expect(compare).not.toHaveBeenCalled()
    // Nor do they keep out the owner, who is new to this process.
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })

  test('are throttled before bcrypt where the id is no seal, with the time to wait', async () => {
    const { keyring, add } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add(unsealed())
    const outcomes = await Promise.all(many.map(() => outcome(() => keyring.authenticate(wrongFor(token)))))
    expect(outcomes.filter(code => code === 'invalid_api_key')).toHaveLength(10)
    expect(outcomes.filter(code => code === 'too_many_failed_attempts')).toHaveLength(40)
    expect(compare).toHaveBeenCalledTimes(10)
    await expect(keyring.authenticate(wrongFor(token))).rejects.toMatchObject({
      statusCode: 429,
      details: { headers: { 'retry-after': '6' } },
    })
  })

  test('do not concern an owner whose key is known here', async () => {
    const { keyring, clock, add } = setUp()
    const token = await add(unsealed())
    await keyring.authenticate(token)
    for (const _ of many) await outcome(() => keyring.authenticate(wrongFor(token)))
    clock.ms += 3_600_000
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })

  test('keep a new owner waiting no longer than until the next attempt is due', async () => {
    const { keyring, clock, add } = setUp()
    const token = await add(unsealed())
    for (const _ of many) await outcome(() => keyring.authenticate(wrongFor(token)))
    expect(await outcome(() => keyring.authenticate(token))).toBe('too_many_failed_attempts')
    clock.ms += 6_000
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })

  test('count once when one is repeated, as by a client with an old key', async () => {
    const { keyring, add } = setUp()
    const compare = vi.spyOn(bcrypt, 'compare')
    const token = await add(unsealed())
    const old = wrongFor(token)
    for (const _ of many) expect(await outcome(() => keyring.authenticate(old))).toBe('invalid_api_key')
    expect(compare).toHaveBeenCalledTimes(1)
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
  })

  test('for one id leave the attempts of other ids alone', async () => {
    const { keyring, add } = setUp()
    const [attacked, other] = [await add(unsealed()), await add(unsealed())]
    for (const _ of many) await outcome(() => keyring.authenticate(wrongFor(attacked)))
    expect(await keyring.authenticate(other)).toMatchObject({ keyId: expect.any(String) })
  })
})

describe('unknown ids', () => {
  test('are looked up once, and answered like wrong secrets', async () => {
    const { keyring, store, clock } = setUp()
    const token = formatToken(mintToken())
    for (const _ of many) expect(await outcome(() => keyring.authenticate(token))).toBe('invalid_api_key')
    expect(store.lookUps).toBe(1)
    clock.ms = 60_000
    await outcome(() => keyring.authenticate(token))
    expect(store.lookUps).toBe(2)
  })

  test('in a flood share two connections and a bounded line; known keys pass by', async () => {
    const { keyring, store, add, clock } = setUp()
    const token = await add()
    await keyring.authenticate(token)
    let [running, most] = [0, 0]
    store.before = async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
    }
    const flood = Array.from({ length: 2_000 }, () => outcome(() => keyring.authenticate(formatToken(mintToken()))))
    clock.ms = 60_000
    // Its time is up, so it is looked up again: not behind the strangers.
    expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
    expect(store.lookUps).toBeLessThan(10)
    const outcomes = await Promise.all(flood)
    expect(most).toBeLessThanOrEqual(3)
    expect(outcomes.filter(code => code === 'invalid_api_key')).toHaveLength(502)
    expect(outcomes.filter(code => code === 'too_many_failed_attempts')).toHaveLength(1_498)
  })
})

test('comparisons run two at once, and what overflows their line may be tried again', async () => {
  const { keyring, add } = setUp()
  const tokens = await Promise.all(Array.from({ length: 600 }, () => add()))
  let [running, most] = [0, 0]
  const compare = bcrypt.compare.bind(bcrypt)
  vi.spyOn(bcrypt, 'compare').mockImplementation(async (secret: string | Buffer, hash: string) => {
    most = Math.max(most, ++running)
    try {
      return await compare(secret, hash)
    } finally {
      running--
    }
  })
  // In turns, so that it is the line of the comparisons that fills, and not that of the look-ups.
  const calls: Promise<unknown>[] = []
  for (const token of tokens) {
    calls.push(outcome(() => keyring.authenticate(token)))
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
  const outcomes = await Promise.all(calls)
  expect(most).toBe(2)
  const refused = tokens.filter((_, i) => outcomes[i] === 'too_many_failed_attempts')
  for (const token of refused) expect(await keyring.authenticate(token)).toMatchObject({ keyId: expect.any(String) })
})

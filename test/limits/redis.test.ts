import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createRedisLimiter } from '../../src/limits/redis.ts'
import { redisUrl } from '../fakes/servers.ts'
import { redisInstalled, redisServer } from './redis-server.ts'

const perMinute = { requests: 100, window_seconds: 60 }

type Settings = Parameters<typeof createRedisLimiter>[0]

async function limiterOn(url: string, settings: Partial<Settings> = {}) {
  const lines: string[] = []
  const note = (level: string) => (_fields: unknown, text?: string) => lines.push(`${level}: ${text}`)
  const log = { debug() {}, info: note('info'), warn: note('warn'), error: note('error') }
  const limiter = createRedisLimiter({ url, withoutRedis: 'local', instances: 2, log, ...settings })
  await limiter.start()
  onTestFinished(() => limiter.stop())
  return { ...limiter, lines }
}

async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) await sleep(50)
}

const passedOf = async (verdicts: Iterable<unknown>) =>
  (await Promise.all(verdicts as Iterable<{ allowed: boolean }>)).filter(({ allowed }) => allowed).length

describe.skipIf(redisUrl === null)('limits shared through Redis', () => {
  const url = redisUrl ?? ''

  test('544 calls at once over two instances against a limit of 100: exactly 100 pass', async () => {
    const [one, two] = [await limiterOn(url, { timeoutMs: 5_000 }), await limiterOn(url, { timeoutMs: 5_000 })]
    const key = randomUUID()
    expect(await passedOf(Array.from({ length: 544 }, (_, i) => (i % 2 === 0 ? one : two).take(key, perMinute)))).toBe(
      100,
    )
    expect([...one.lines, ...two.lines]).toEqual([])
  })

  test('answers as the limiter in memory does', async () => {
    const limiter = await limiterOn(url)
    const key = randomUUID()
    const limit = { requests: 2, window_seconds: 2 }
    expect(await limiter.take(key, limit)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      resetMs: 1_000,
      retryAfterMs: 0,
    })
    expect(await limiter.take(key, limit)).toMatchObject({ allowed: true, remaining: 0 })
    const refused = await limiter.take(key, limit)
    expect(refused).toMatchObject({ allowed: false, remaining: 0 })
    expect(refused.retryAfterMs).toBeGreaterThan(0)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(1_000)
    await sleep(refused.retryAfterMs + 5)
    expect(await limiter.take(key, limit)).toMatchObject({ allowed: true })
  })

  test('never lets more pass than the rate, however odd', async () => {
    const limiter = await limiterOn(url)
    for (const requests of [1, 3, 7, 999]) {
      const limit = { requests, window_seconds: 86_400 }
      const key = randomUUID()
      expect(await passedOf(Array.from({ length: requests + 50 }, () => limiter.take(key, limit)))).toBe(requests)
    }
  })

  test('a narrower window holds at once', async () => {
    const limiter = await limiterOn(url)
    const key = randomUUID()
    for (let i = 0; i < 10; i++) await limiter.take(key, { requests: 10, window_seconds: 86_400 })
    const refused = await limiter.take(key, { requests: 10, window_seconds: 1 })
    expect(refused.retryAfterMs).toBeLessThanOrEqual(100)
  })

  test('what Redis holds is the key id and a time, and it expires', async () => {
    const prefix = `test:${randomUUID()}:`
    const limiter = await limiterOn(url, { prefix })
    const key = randomUUID()
    await limiter.take(key, perMinute)
    const redis = new Redis(url)
    onTestFinished(() => redis.disconnect())
    expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}{${key}}`])
    expect(await redis.get(`${prefix}{${key}}`)).toMatch(/^\d{16}$/)
    expect(await redis.pttl(`${prefix}{${key}}`)).toBeLessThanOrEqual(601)
    await sleep(650)
    expect(await redis.exists(`${prefix}{${key}}`)).toBe(0)
  })

  test('a script that Redis has forgotten is sent again', async () => {
    const limiter = await limiterOn(url)
    const redis = new Redis(url)
    onTestFinished(() => redis.disconnect())
    const key = randomUUID()
    await limiter.take(key, perMinute)
    await redis.script('FLUSH')
    expect(await limiter.take(key, perMinute)).toMatchObject({ remaining: 98 })
    expect(limiter.lines).toEqual([])
  })
})

describe.skipIf(!redisInstalled)('when Redis fails', () => {
  let server: Awaited<ReturnType<typeof redisServer>>

  beforeAll(async () => {
    server = await redisServer()
  })
  afterEach(async () => {
    server.thaw()
    await server.stop()
  })

  test('each instance holds its share of the limit until it is back', async () => {
    await server.start()
    const limiter = await limiterOn(server.url, { instances: 4 })
    const key = randomUUID()
    expect(await limiter.take(key, perMinute)).toMatchObject({ limit: 100, remaining: 99 })
    await server.stop()
    expect(await passedOf(Array.from({ length: 100 }, () => limiter.take(key, perMinute)))).toBe(25)
    expect(await limiter.take(key, perMinute)).toMatchObject({ allowed: false, limit: 25 })
    await server.start()
    await until(async () => (await limiter.take(randomUUID(), perMinute)).limit === 100)
    expect(limiter.lines).toEqual([
      'error: Redis failed: limits are not shared until it is back',
      'info: Redis is back: limits are shared again',
    ])
  })

  test('every call is refused until it is back, where that is the setting', async () => {
    await server.start()
    const limiter = await limiterOn(server.url, { withoutRedis: 'closed' })
    const attempt = async () => limiter.take(randomUUID(), perMinute)
    expect(await attempt()).toMatchObject({ allowed: true })
    await server.stop()
    for (let i = 0; i < 5; i++) await expect(attempt()).rejects.toMatchObject({ code: 'limiter_unavailable' })
    await server.start()
    await until(() =>
      attempt().then(
        () => true,
        () => false,
      ),
    )
  })

  test('an instance that starts without it does so soon, and finds it later', async () => {
    const started = performance.now()
    const limiter = await limiterOn(server.url)
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(await limiter.take(randomUUID(), perMinute)).toMatchObject({ allowed: true, limit: 50 })
    await server.start()
    await until(async () => (await limiter.take(randomUUID(), perMinute)).limit === 100)
  })

  test('frozen, it costs one call a second its timeout, and the others nothing', async () => {
    await server.start()
    const limiter = await limiterOn(server.url, { timeoutMs: 100 })
    await limiter.take(randomUUID(), perMinute)
    server.freeze()
    const slow: number[] = []
    const end = performance.now() + 4_500
    let calls = 0
    while (performance.now() < end) {
      const started = performance.now()
      expect(await limiter.take(randomUUID(), perMinute)).toMatchObject({ limit: 50 })
      const took = performance.now() - started
      expect(took).toBeLessThan(1_000)
      if (took >= 90) slow.push(took)
      if (++calls % 100 === 0) await sleep(1)
    }
    expect(slow.length).toBeLessThanOrEqual(8)
    server.thaw()
    await until(async () => (await limiter.take(randomUUID(), perMinute)).limit === 100)
  })

  test('one call at a time finds out whether it is back; the rest do not wait', async () => {
    await server.start()
    const limiter = await limiterOn(server.url, { timeoutMs: 200 })
    server.freeze()
    await limiter.take(randomUUID(), perMinute)
    await sleep(1_050)
    const verdicts = Array.from({ length: 50 }, () => limiter.take(randomUUID(), perMinute))
    expect(verdicts.filter(verdict => verdict instanceof Promise)).toHaveLength(1)
    await Promise.all(verdicts)
  })
})

import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryLimiter } from '../../src/limits/memory.ts'

const perMinute = { requests: 100, window_seconds: 60 }

function setUp(maxKeys?: number) {
  const clock = { ms: 0 }
  const now = () => clock.ms
  return { clock, limiter: createMemoryLimiter(maxKeys === undefined ? { now } : { now, maxKeys }) }
}

describe('a bucket', () => {
  test('544 calls at once against a limit of 100: exactly 100 pass', async () => {
    const { limiter } = setUp()
    const verdicts = await Promise.all(Array.from({ length: 544 }, async () => limiter.take('key', perMinute)))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(100)
    expect(verdicts.map(({ remaining }) => remaining).slice(0, 101)).toEqual([...Array(100).keys()].reverse().concat(0))
  })

  test('tells when the next call may come, and that one passes then and not before', () => {
    const { limiter, clock } = setUp()
    for (let i = 0; i < 100; i++) limiter.take('key', perMinute)
    const refused = limiter.take('key', perMinute)
    expect(refused).toEqual({ allowed: false, limit: 100, remaining: 0, resetMs: 60_000, retryAfterMs: 600 })
    clock.ms = 599.9
    expect(limiter.take('key', perMinute).allowed).toBe(false)
    clock.ms = 600
    expect(limiter.take('key', perMinute)).toMatchObject({ allowed: true, remaining: 0 })
    expect(limiter.take('key', perMinute).allowed).toBe(false)
  })

  test('refills steadily, and never past its size', () => {
    const { limiter, clock } = setUp()
    for (let i = 0; i < 100; i++) limiter.take('key', perMinute)
    clock.ms = 30_000
    expect(limiter.take('key', perMinute)).toMatchObject({ remaining: 49, resetMs: 30_600 })
    clock.ms = 10 * 60_000
    expect(limiter.take('key', perMinute)).toMatchObject({ remaining: 99, resetMs: 600 })
  })

  test('belongs to one key', () => {
    const { limiter } = setUp()
    for (let i = 0; i < 101; i++) limiter.take('one', perMinute)
    expect(limiter.take('one', perMinute).allowed).toBe(false)
    expect(limiter.take('two', perMinute)).toMatchObject({ allowed: true, remaining: 99 })
  })

  test('never lets more pass than its size and what refilled, whenever the calls come', () => {
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      window_seconds: fc.integer({ min: 1, max: 100 }),
    })
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5_000, noNaN: true })), { maxLength: 300 })
    fc.assert(
      fc.property(limits, gaps, fc.double({ min: 0, max: 1e12, noNaN: true }), (limit, waits, start) => {
        const { limiter, clock } = setUp()
        clock.ms = start
        const passed: number[] = []
        for (const wait of waits) {
          clock.ms += wait
          if (limiter.take('key', limit).allowed) passed.push(clock.ms)
        }
        // In every stretch of time, not only from the start.
        let tooMany = 0
        for (let from = 0; from < passed.length; from += 7) {
          const first = passed[from] ?? 0
          for (let to = from; to < passed.length; to++) {
            const seconds = ((passed[to] ?? 0) - first) / 1000
            const most = limit.requests + (limit.requests * seconds) / limit.window_seconds
            tooMany = Math.max(tooMany, to - from + 1 - most)
          }
        }
        expect(tooMany).toBeLessThanOrEqual(1e-3)
      }),
    )
  })

  test('never refuses a steady caller who keeps to the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 3_600 }), (requests, seconds) => {
        const { limiter, clock } = setUp()
        const limit = { requests, window_seconds: seconds }
        for (let i = 0; i < 200; i++) {
          clock.ms = (i * seconds * 1000) / requests
          expect(limiter.take('key', limit).allowed).toBe(true)
        }
      }),
    )
  })
})

describe('when the policy changes meanwhile', () => {
  test('a larger limit refills faster from then on', () => {
    const { limiter, clock } = setUp()
    for (let i = 0; i < 100; i++) limiter.take('key', perMinute)
    const larger = { requests: 1_000, window_seconds: 60 }
    expect(limiter.take('key', larger)).toMatchObject({ allowed: false, retryAfterMs: 60 })
    clock.ms = 600
    expect(limiter.take('key', larger)).toMatchObject({ allowed: true, remaining: 9 })
  })

  test('a smaller limit holds at once', () => {
    const { limiter } = setUp()
    for (let i = 0; i < 50; i++) limiter.take('key', perMinute)
    const verdicts = Array.from({ length: 10 }, () => limiter.take('key', { requests: 10, window_seconds: 60 }))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(5)
  })

  test('a shorter window leaves nobody waiting for longer than that window', () => {
    const { limiter } = setUp()
    const perDay = { requests: 10, window_seconds: 86_400 }
    for (let i = 0; i < 10; i++) limiter.take('key', perDay)
    expect(limiter.take('key', { requests: 10, window_seconds: 1 })).toMatchObject({
      resetMs: 1_000,
      retryAfterMs: 100,
    })
  })
})

describe('memory', () => {
  test('forgets keys that are idle, as others call', () => {
    const { limiter, clock } = setUp()
    for (let i = 0; i < 10_000; i++) limiter.take(`idle ${i}`, perMinute)
    expect(limiter.size).toBe(10_000)
    clock.ms = 601
    for (let i = 0; i < 10_000; i++) {
      clock.ms += 0.01
      limiter.take('busy', { requests: 1_000_000, window_seconds: 1 })
    }
    expect(limiter.size).toBe(1)
  })

  test('a key that is drawn on stays, however many others come', () => {
    const { limiter } = setUp(1_000)
    for (let i = 0; i < 100; i++) limiter.take('exhausted', perMinute)
    for (let i = 0; i < 100_000; i++) limiter.take(`other ${i}`, perMinute)
    expect(limiter.size).toBe(1_000)
    expect(limiter.take('exhausted', perMinute).allowed).toBe(false)
  })

  test('keeps a million keys in less than 200 MB, and no more of them', { timeout: 60_000 }, () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const { limiter } = setUp()
    collect()
    const before = process.memoryUsage().heapUsed
    // In one piece, as ids come from the database, and not from the pieces that randomUUID leaves to be joined.
    for (let i = 0; i < 1_500_000; i++) limiter.take(Buffer.from(randomUUID()).toString('latin1'), perMinute)
    collect()
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6
    expect(limiter.size).toBe(1_000_000)
    expect(megabytes).toBeLessThan(200)
    console.info(`1,000,000 keys: ${megabytes.toFixed(0)} MB`)
  })
})

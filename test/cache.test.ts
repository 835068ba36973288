import { describe, expect, test } from 'vitest'
import { createCache } from '../src/cache.ts'

/** A cache of one second's freshness and ten of tolerance, over a store and a clock that the test drives. */
function drivenCache() {
  const store = { value: 1, down: false, asked: 0 }
  const clock = { ms: 0 }
  const cache = createCache<number>({
    name: 'test',
    ttlMs: 1_000,
    staleMs: 10_000,
    maxEntries: 2,
    now: () => clock.ms,
    log: { error() {}, warn() {}, info() {}, debug() {} },
    async load() {
      store.asked += 1
      const { value, down } = store
      await Promise.resolve()
      if (down) throw new Error('The store is down.')
      return value
    },
  })
  return { cache, store, clock }
}

test('a hundred that ask at once ask the store once, and a fresh value is there at once', async () => {
  const { cache, store } = drivenCache()
  expect(await Promise.all(Array.from({ length: 100 }, () => cache.of('a')))).toEqual(Array(100).fill(1))
  expect(cache.of('a')).toBe(1)
  expect(store.asked).toBe(1)
})

test('past its time a value is asked for again', async () => {
  const { cache, store, clock } = drivenCache()
  await cache.of('a')
  store.value = 2
  clock.ms = 999
  expect(await cache.of('a')).toBe(1)
  clock.ms = 1_000
  expect(await cache.of('a')).toBe(2)
})

describe('while the store is down', () => {
  test('a value is used for as long as it is excused, then no longer', async () => {
    const { cache, store, clock } = drivenCache()
    await cache.of('a')
    store.down = true
    clock.ms = 11_000
    expect(await cache.of('a')).toBe(1)
    clock.ms = 11_001
    await expect(cache.of('a')).rejects.toMatchObject({ code: 'storage_unavailable' })
  })

  test('the store is asked once a second, not by every call', async () => {
    const { cache, store, clock } = drivenCache()
    await cache.of('a')
    store.down = true
    clock.ms = 2_000
    await cache.of('a')
    for (clock.ms = 2_001; clock.ms < 3_000; clock.ms += 100) expect(cache.of('a')).toBe(1)
    expect(store.asked).toBe(2)
    clock.ms = 3_000
    await cache.of('a')
    expect(store.asked).toBe(3)
  })

  test('a value that was never there is not made up, and the next call asks again', async () => {
    const { cache, store } = drivenCache()
    store.down = true
    await expect(cache.of('a')).rejects.toMatchObject({ code: 'storage_unavailable' })
    store.down = false
    expect(await cache.of('a')).toBe(1)
  })
})

test.each([
  ['that value', 'a'],
  ['all', undefined],
])('what was read before %s was forgotten is not kept', async (_, key) => {
  const { cache, store } = drivenCache()
  const before = cache.of('a')
  cache.forget(key)
  store.value = 2
  expect(await before).toBe(1)
  expect(await cache.of('a')).toBe(2)
})

test('the least recently used makes room', async () => {
  const { cache, store } = drivenCache()
  for (const key of ['a', 'b', 'a', 'c']) await cache.of(key)
  expect(store.asked).toBe(3)
  await cache.of('a')
  expect(store.asked).toBe(3)
  await cache.of('b')
  expect(store.asked).toBe(4)
})

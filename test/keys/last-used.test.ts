import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLastUsed } from '../../src/keys/last-used.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp(settings: { maxKeys?: number } = {}) {
  const batches: string[][] = []
  const warnings: unknown[] = []
  const store = { touch: async (_uses: ReadonlyMap<string, Date>) => {} }
  const lastUsed = createLastUsed({
    touch(uses) {
      batches.push([...uses.keys()])
      return store.touch(uses)
    },
    log: { debug() {}, info() {}, warn: (fields: unknown) => warnings.push(fields), error() {} },
    ...settings,
  })
  return { lastUsed, batches, warnings, store }
}

test('a thousand calls with two keys are one statement a minute', async () => {
  const { lastUsed, batches } = setUp()
  await lastUsed.start()
  for (let i = 0; i < 1_000; i++) lastUsed.note(i % 2 === 0 ? 'one' : 'two')
  await vi.advanceTimersByTimeAsync(59_999)
  expect(batches).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(batches).toEqual([['one', 'two']])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(batches).toHaveLength(1)
  await lastUsed.stop()
})

test('what is noted is written at the end, after what is being written', async () => {
  const { lastUsed, batches, store } = setUp()
  const { promise: written, resolve: finish } = Promise.withResolvers<void>()
  store.touch = () => written
  await lastUsed.start()
  lastUsed.note('one')
  await vi.advanceTimersByTimeAsync(60_000)
  lastUsed.note('two')
  await vi.advanceTimersByTimeAsync(180_000)
  expect(batches).toEqual([['one']])
  const stopped = lastUsed.stop()
  finish()
  await stopped
  expect(batches).toEqual([['one'], ['two']])
  expect(vi.getTimerCount()).toBe(0)
})

test('a store that fails is warned of, and asked again the next time', async () => {
  const { lastUsed, batches, warnings, store } = setUp()
  store.touch = () => Promise.reject(new Error('away'))
  await lastUsed.start()
  lastUsed.note('one')
  await vi.advanceTimersByTimeAsync(60_000)
  lastUsed.note('two')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(batches).toEqual([['one'], ['two']])
  expect(warnings).toHaveLength(2)
  await lastUsed.stop()
})

test('memory is bounded', async () => {
  const { lastUsed, batches } = setUp({ maxKeys: 3 })
  for (const id of ['1', '2', '3', '4', '5']) lastUsed.note(id)
  await lastUsed.stop()
  expect(batches).toEqual([['1', '2', '3']])
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AuditRow, createAuditStore } from '../../src/audit/store.ts'
import { createAuditWriter } from '../../src/audit/writer.ts'
import { testDatabase } from '../fakes/database.ts'
import { makeOwner, makeRecord } from './records.ts'

const owner = { customerId: 'c', apiKeyId: 'k' }

/** A writer on a database that can go away, and what reached that database. */
function setUp(overrides: Partial<Parameters<typeof createAuditWriter>[0]> = {}) {
  const rows: AuditRow[] = []
  const batches: number[] = []
  const state = { away: false, attempts: 0 }
  const logged: { level: string; fields: object; message: string }[] = []
  const logger = (level: string) => (fields: object, message?: string) =>
    void logged.push({ level, fields, message: message ?? '' })
  const writer = createAuditWriter({
    async insert(batch) {
      state.attempts++
      await new Promise(resolve => setTimeout(resolve, 2))
      if (state.away) throw Object.assign(new Error('secret text of the batch'), { code: 'P1001' })
      batches.push(batch.length)
      rows.push(...batch)
      return { refused: [] }
    },
    cost: () => 0.5,
    capacity: 100,
    batchSize: 10,
    intervalMs: 50,
    retryMs: { first: 100, longest: 1000 },
    stopTimeoutMs: 3000,
    log: { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') },
    ...overrides,
  })
  const add = (count: number) =>
    Array.from({ length: count }, () => makeRecord(owner)).map(record => {
      writer.add(record)
      return record.id
    })
  return { writer, rows, batches, state, logged, add }
}

describe('on a clock of its own', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('writes off the path of the call, when the time is up or the batch is full', async () => {
    const { writer, rows, batches, add } = setUp()
    await writer.start()
    add(3)
    expect(rows).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(49)
    expect(rows).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(4)
    expect(batches).toEqual([3])
    add(10)
    expect(batches).toEqual([3])
    await vi.advanceTimersByTimeAsync(3)
    expect(batches).toEqual([3, 10])
    expect(rows[0]).toMatchObject({ operation: 'chat.completions.create', costUsd: 0.5 })
    expect(writer.pending).toBe(0)
  })

  it('keeps the order and one insert in flight when many come at once', async () => {
    const { writer, rows, batches, add } = setUp()
    const ids = add(37)
    expect(writer.pending).toBe(37)
    await vi.advanceTimersByTimeAsync(200)
    expect(batches).toEqual([10, 10, 10, 7])
    expect(rows.map(row => row.id)).toEqual(ids)
  })

  it('drops nothing while the database is away, with growing pauses, and says so once', async () => {
    const { writer, rows, state, logged, add } = setUp()
    state.away = true
    const ids = add(25)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(rows).toHaveLength(0)
    expect(writer.pending).toBe(25)
    expect(state.attempts).toBeGreaterThan(8)
    expect(state.attempts).toBeLessThan(16)
    state.away = false
    await vi.advanceTimersByTimeAsync(2000)
    expect(rows.map(row => row.id)).toEqual(ids)
    expect(writer.lost).toBe(0)
    expect(logged.map(({ level }) => level)).toEqual(['warn', 'info'])
    expect(JSON.stringify(logged)).not.toContain('secret')
  })

  it('stops accepting when it is full, and still has room for every call that was accepted', async () => {
    const { writer, rows, state, add } = setUp()
    state.away = true
    add(90)
    await vi.advanceTimersByTimeAsync(500)
    const accepted = Array.from({ length: 15 }, () => writer.reserve()).filter(Boolean)
    expect(accepted).toHaveLength(10)
    expect(writer.accepting).toBe(false)
    add(10)
    expect(writer).toMatchObject({ pending: 100, lost: 0, accepting: false })
    const [unplaced] = add(1)
    expect(writer).toMatchObject({ pending: 100, lost: 1 })
    state.away = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(rows).toHaveLength(100)
    expect(rows.map(row => row.id)).not.toContain(unplaced)
    expect(writer.accepting).toBe(true)
  })

  it('counts and names what the database refuses', async () => {
    const { writer, logged, add } = setUp({ insert: async rows => ({ refused: rows.slice(0, 1).map(row => row.id) }) })
    const [first] = add(3)
    await vi.advanceTimersByTimeAsync(100)
    expect(writer).toMatchObject({ lost: 1, pending: 0 })
    expect(logged).toMatchObject([{ level: 'error', fields: { ids: [first] } }])
  })

  it('writes a record whose cost cannot be told', async () => {
    const { rows, add } = setUp({
      cost: () => {
        throw new Error('no price')
      },
    })
    add(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(rows).toMatchObject([{ costUsd: null }])
  })
})

describe('stop', () => {
  it('writes what is left at once', async () => {
    const { writer, rows, add } = setUp({ intervalMs: 60_000 })
    add(25)
    await writer.stop()
    expect(rows).toHaveLength(25)
    expect(writer).toMatchObject({ pending: 0, lost: 0, accepting: false })
    expect(writer.reserve()).toBe(false)
  })

  it('waits for a database that comes back in time', async () => {
    const { writer, rows, state, add } = setUp({ retryMs: { first: 20, longest: 20 } })
    state.away = true
    add(5)
    setTimeout(() => {
      state.away = false
    }, 100)
    await writer.stop()
    expect(rows).toHaveLength(5)
  })

  it.each([
    ['refuses', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('gives up at its deadline on a database that %s, and names what was not written', async (_name, insert) => {
    const { writer, logged, add } = setUp({ insert, stopTimeoutMs: 100 })
    const ids = add(13)
    const started = performance.now()
    await writer.stop()
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(writer).toMatchObject({ pending: 0, lost: 13 })
    expect(logged.at(-1)).toMatchObject({ level: 'error', fields: { ids, count: 13 } })
    const [late] = add(1)
    expect(logged.at(-1)).toMatchObject({ level: 'error', fields: { ids: [late] } })
  })
})

it('writes to the database, around a record that it refuses', async () => {
  const database = await testDatabase()
  try {
    const known = await makeOwner(database.prisma)
    const { writer } = setUp({ insert: createAuditStore(database).insert })
    for (let i = 0; i < 30; i++) writer.add(makeRecord(i === 17 ? { ...known, apiKeyId: known.customerId } : known))
    await writer.stop()
    expect(await database.prisma.usageLog.count()).toBe(29)
    expect(writer).toMatchObject({ pending: 0, lost: 1 })
  } finally {
    await database.close()
  }
})

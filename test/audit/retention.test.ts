import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRetention, type PrunedRange } from '../../src/audit/retention.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl } from '../fakes/servers.ts'
import { callRecord, createLoggedLog, insertRows } from './logged.ts'

const logs = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const
let database: Awaited<ReturnType<typeof testDatabase>>
let retention: ReturnType<typeof createRetention>

beforeAll(async () => {
  database = await testDatabase()
  retention = createRetention(database.pool)
})
beforeEach(async () => {
  await database.pool.query("BEGIN; SET LOCAL governance.retention = 'on'; DELETE FROM usage_log; COMMIT")
})
afterAll(() => database.close())

/** Moments by a number of days. */
const day = (days: number) => new Date(Date.UTC(2026, 0, 1 + days))

/** Rows without a log, or the leaves of one from `first` on, by the days of their calls. */
async function fill(days: readonly number[], logId: string | null = null, first = 0) {
  for (const [i, at] of days.entries()) {
    const { decision, outcome } = callRecord(uuidv7(), { created_at: day(at).toISOString() })
    const place = logId === null ? {} : { log_id: logId, leaf_index: first + i }
    await insertRows(database.pool, [{ ...(decision as object), ...(outcome as object), ...place }])
  }
}

async function left(logId: string | null): Promise<(number | null)[]> {
  const rows = await database.prisma.usageLog.findMany({ where: { logId }, orderBy: { leafIndex: 'asc' } })
  return rows.map(({ leafIndex }) => (leafIndex === null ? null : Number(leafIndex)))
}

/** Prunes, and returns what was put on record. */
async function prune(olderThan: Date, batch = 3) {
  const recorded: PrunedRange[] = []
  const deleted = await retention.prune({
    olderThan,
    batch,
    async record(range) {
      recorded.push(range)
    },
  })
  return { deleted, recorded }
}

describe('prune', () => {
  it('deletes rows without a log by their age, in batches', async () => {
    await fill([9, 1, 8, 2, 7, 3, 6, 4, 5])
    expect(await retention.count(day(8))).toBe(7)
    expect(await prune(day(8))).toEqual({ deleted: 7, recorded: [] })
    expect(await left(null)).toHaveLength(2)
    expect(await prune(day(8))).toEqual({ deleted: 0, recorded: [] })
  })

  it('deletes of each log what comes before the first that stays', async () => {
    await fill([1, 2, 4, 3, 20, 5, 6], logs[0], 10)
    await fill([30, 1], logs[1])
    await fill([1, 30])
    expect(await retention.count(day(10))).toBe(5)
    expect(await prune(day(10))).toEqual({
      deleted: 5,
      recorded: [{ prunedLogId: logs[0], firstIndex: 10, endIndex: 14, olderThan: day(10) }],
    })
    expect(await left(logs[0])).toEqual([14, 15, 16])
    expect(await left(logs[1])).toEqual([0, 1])
    expect(await left(null)).toHaveLength(1)
  })

  it('deletes a log whose records are all old, around leaves that are not records of calls', async () => {
    await fill([1, 2], logs[0], 0)
    await fill([3, 4], logs[0], 3)
    const { recorded } = await prune(day(10))
    expect(recorded).toMatchObject([{ firstIndex: 0, endIndex: 5 }])
    expect(await left(logs[0])).toEqual([])
  })

  it('deletes nothing of a log before that is on record', async () => {
    await fill([1, 2, 3], logs[0])
    const seen: unknown[] = []
    const record = async () => {
      seen.push(await left(logs[0]))
      throw new Error('no room')
    }
    await expect(retention.prune({ olderThan: day(10), batch: 2, record })).rejects.toThrow('no room')
    expect(seen).toEqual([[0, 1, 2]])
    expect(await left(logs[0])).toEqual([0, 1, 2])
  })

  it('is gone on with where it was interrupted, under a record of its own', async () => {
    await fill([1, 2, 3, 4, 5, 6], logs[0])
    await database.pool.query(
      "BEGIN; SET LOCAL governance.retention = 'on'; DELETE FROM usage_log WHERE leaf_index < 2; COMMIT",
    )
    expect((await prune(day(5))).recorded).toMatchObject([{ firstIndex: 2, endIndex: 4 }])
    expect(await left(logs[0])).toEqual([4, 5])
  })

  it('is finished where rows are left that are on record under a signature, without a second record', async () => {
    const log = await createLoggedLog(database.pool)
    const times = [1, 2, 3, 4].map(days => day(days).toISOString())
    await log.appendCalls(times.map(created_at => callRecord(uuidv7(), { created_at })))
    await log.appendPruning({ log: log.log, first: 0, end: 2 }, day(20).toISOString(), day(10).toISOString())
    expect((await prune(day(2))).recorded).toMatchObject([{ firstIndex: 0, endIndex: 1 }])
    await log.sign()
    expect((await prune(day(4))).recorded).toMatchObject([{ firstIndex: 2, endIndex: 3 }])
    expect(await left(log.log)).toEqual([3])
  })

  // Clients of the embedded database share one session, which has the lock already.
  it.skipIf(postgresUrl === null)('is done by one at a time: no leaf is in two prunings', async () => {
    await fill(
      Array.from({ length: 60 }, (_, i) => i),
      logs[0],
    )
    const runs = await Promise.allSettled([day(40), day(50), day(40)].map(olderThan => prune(olderThan, 7)))
    const done = runs.filter(run => run.status === 'fulfilled').map(({ value }) => value)
    const refused = runs.filter(run => run.status === 'rejected').map(({ reason }) => String(reason))
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(refused)).toEqual(new Set(refused.length === 0 ? [] : ['Error: Another clean-up is at work.']))
    const leaves = done.flatMap(({ recorded }) =>
      recorded.flatMap(({ firstIndex, endIndex }) =>
        Array.from({ length: endIndex - firstIndex }, (_, i) => firstIndex + i),
      ),
    )
    expect(new Set(leaves).size).toBe(leaves.length)
    expect(leaves.length).toBe(done.reduce((sum, { deleted }) => sum + deleted, 0))
  })
})

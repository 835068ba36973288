import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dueRanges, type PrunedRange } from '../../src/audit/due.ts'
import { createRetention } from '../../src/audit/retention.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl } from '../fakes/servers.ts'
import { callRecord, createLoggedLog, insertRows, trusted } from './logged.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let retention: ReturnType<typeof createRetention>

beforeAll(async () => {
  database = await testDatabase()
  retention = createRetention(database.pool, [trusted])
})
beforeEach(() => asSuperuser('DELETE FROM usage_log; DELETE FROM audit_leaf; DELETE FROM audit_pruning'))
afterAll(() => database.close())

/** What triggers keep everybody else from. */
const asSuperuser = (script: string) =>
  database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${script}; COMMIT`)

/** Moments by a number of days. */
const day = (days: number) => new Date(Date.UTC(2026, 0, 1 + days))

const callsOf = (days: readonly number[]) => days.map(at => callRecord(uuidv7(), { created_at: day(at).toISOString() }))

/** A log of calls, by their days. */
async function logged(days: readonly number[]) {
  const log = await createLoggedLog(database.pool)
  if (days.length > 0) await log.appendCalls(callsOf(days))
  return log
}

/** Rows from before there were logs. */
async function fill(days: readonly number[]) {
  const rows = callsOf(days).map(({ decision, outcome }) => ({ ...(decision as object), ...(outcome as object) }))
  await insertRows(database.pool, rows)
}

async function left(logId: string | null): Promise<(number | null)[]> {
  const rows = await database.prisma.usageLog.findMany({ where: { logId }, orderBy: { leafIndex: 'asc' } })
  return rows.map(({ leafIndex }) => (leafIndex === null ? null : Number(leafIndex)))
}

/** Prunes, and returns what was put on record. */
async function prune(olderThan: Date, batch = 3, keep: (range: PrunedRange) => Promise<void> = async () => {}) {
  const recorded: PrunedRange[] = []
  const deleted = await retention.prune({
    olderThan,
    batch,
    async record(range) {
      recorded.push(range)
      await keep(range)
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
    const one = await logged([1, 2, 4, 3, 20, 5, 6])
    const other = await logged([30, 1])
    await fill([1, 30])
    expect(await retention.count(day(10))).toBe(5)
    expect(await prune(day(10))).toEqual({
      deleted: 5,
      recorded: [{ prunedLogId: one.log, firstIndex: 0, endIndex: 4, olderThan: day(10) }],
    })
    expect(await left(one.log)).toEqual([4, 5, 6])
    expect(await left(other.log)).toEqual([0, 1])
    expect(await left(null)).toHaveLength(1)
  })

  it('deletes a log whose records are all old, around leaves that are not records of calls', async () => {
    const log = await logged([])
    await log.appendPruning({ log: uuidv4(), first: 0, end: 1 }, day(20).toISOString(), day(10).toISOString())
    await log.appendCalls(callsOf([1, 2]))
    await log.appendPruning({ log: uuidv4(), first: 1, end: 2 }, day(20).toISOString(), day(10).toISOString())
    await log.appendCalls(callsOf([3, 4]))
    expect((await prune(day(10))).recorded).toMatchObject([{ firstIndex: 1, endIndex: 6 }])
    expect(await left(log.log)).toEqual([])
  })

  it('deletes nothing of a log before that is on record', async () => {
    const { log } = await logged([1, 2, 3])
    const seen: unknown[] = []
    const record = async () => {
      seen.push(await left(log))
      throw new Error('no room')
    }
    await expect(retention.prune({ olderThan: day(10), batch: 2, record })).rejects.toThrow('no room')
    expect(seen).toEqual([[0, 1, 2]])
    expect(await left(log)).toEqual([0, 1, 2])
  })

  it('is finished where rows are left that are on record under a signature, without a second record', async () => {
    const log = await logged([1, 2, 3, 4])
    await log.appendPruning({ log: log.log, first: 0, end: 2 }, day(20).toISOString(), day(10).toISOString())
    expect((await prune(day(0))).recorded).toEqual([])
    await log.sign()
    expect(await retention.count(day(4))).toBe(3)
    expect(await prune(day(4))).toMatchObject({ deleted: 3, recorded: [{ firstIndex: 2, endIndex: 3 }] })
    expect(await left(log.log)).toEqual([3])
  })

  // Clients of the embedded database share one session, which has the lock already.
  it.skipIf(postgresUrl === null)('is done by one at a time: no leaf is in two prunings', async () => {
    await logged(Array.from({ length: 60 }, (_, i) => i))
    const prunings = await createLoggedLog(database.pool)
    const keep = async ({ prunedLogId, firstIndex, endIndex, olderThan }: PrunedRange) => {
      const moment = olderThan.toISOString()
      await prunings.appendPruning({ log: prunedLogId, first: firstIndex, end: endIndex }, moment, moment)
      await prunings.sign()
    }
    const runs = await Promise.allSettled([day(40), day(50), day(40)].map(olderThan => prune(olderThan, 7, keep)))
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

it('what is due is read in pieces, and given in ranges that do not span what a pruning took', async () => {
  const { log } = await logged([...Array.from({ length: 53 }, () => 1), 20, 1])
  const leaves = [
    { first: 0, end: 23 },
    { first: 30, end: 55 },
  ]
  const due = []
  for await (const { range, rows } of dueRanges(database.pool, log, leaves, day(10), { range: 20, piece: 7 })) {
    due.push([range.firstIndex, range.endIndex, rows])
  }
  expect(due).toEqual([
    [0, 20, 20],
    [20, 23, 3],
    [30, 50, 20],
    [50, 53, 3],
  ])
})

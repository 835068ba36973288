import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionLog } from '../../src/audit/decisions.ts'
import { createAuditStore } from '../../src/audit/store.ts'
import type { UsageRecord } from '../../src/contracts/record.ts'
import type { RecordedDecision } from '../../src/contracts/recorded.ts'
import { testDatabase } from '../fakes/database.ts'
import { makeOwner, makeRecord } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let log: ReturnType<typeof createDecisionLog>
let owner: Awaited<ReturnType<typeof makeOwner>>
let other: Awaited<ReturnType<typeof makeOwner>>
const day = (number: number) => new Date(Date.UTC(2027, 0, number))
const period = { since: day(1), until: day(10) }
/** Two of each day, the second day's of the same moment; one of another customer; two that are no decisions of then. */
let records: UsageRecord[]

beforeAll(async () => {
  database = await testDatabase()
  log = createDecisionLog(database.pool)
  owner = await makeOwner(database.prisma)
  other = await makeOwner(database.prisma)
  const spoken = { policy: 'rules', rule: 'old_key', reason: 'old_key', score: 100, effect: 'block' } as const
  records = [
    makeRecord(owner, { createdAt: day(1) }),
    makeRecord(owner, { createdAt: day(2), shadow: [spoken] }),
    makeRecord(owner, { createdAt: day(2), ruleErrors: ['old_key'], policyVersion: 'v2' }),
    makeRecord(other, { createdAt: day(3), policyVersion: 'v2' }),
    makeRecord(owner, { createdAt: day(4), policyVersion: null, facts: null, reason: 'rate_limit_exceeded' }),
    makeRecord(owner, { createdAt: day(10) }),
  ]
  const costs = [1.5, null, 0.25, 4, null, 100]
  const rows = records.map((record, index) => ({ ...record, costUsd: costs[index] ?? null }))
  await createAuditStore(database).insert(rows)
})
afterAll(() => database.close())

async function read(selection: Parameters<typeof log.pages>[0], size?: number): Promise<RecordedDecision[][]> {
  return Array.fromAsync(log.pages(selection, size), page => [...page])
}

const ids = (pages: RecordedDecision[][]) => pages.flat().map(({ id }) => id)
const made = (...indexes: number[]) => indexes.map(index => records[index]?.id)

describe('the log of decisions', () => {
  test.each([1, 2, 3, 4, 5, 500])('is read whole and in order, %i to a page', async size => {
    const pages = await read(period, size)
    expect(new Set(ids(pages))).toEqual(new Set(made(0, 1, 2, 3)))
    expect(ids(pages).length).toBe(4)
    expect(pages.flat().map(({ createdAt }) => createdAt)).toEqual([day(1), day(2), day(2), day(3)])
    expect(Math.max(...pages.map(page => page.length))).toBe(Math.min(size, 4))
  })

  test('gives back what was recorded', async () => {
    const [first] = (await read(period)).flat()
    expect(first).toMatchObject({ ...owner, facts: records[0]?.facts, costUsd: 1.5, policyVersion: 'v1', shadow: null })
  })

  test('completes facts from before there were rules', async () => {
    const { at: _at, tools: _tools, caller: _caller, usage: _usage, ...old } = records[0]?.facts ?? {}
    const record = makeRecord(other, { createdAt: day(20) })
    await createAuditStore(database).insert([{ ...record, facts: old as UsageRecord['facts'], costUsd: null }])
    expect((await log.find(record.id, null))?.facts).toEqual({
      ...old,
      at: day(20).getTime(),
      tools: { names: [], total: 0 },
      caller: { key_name: '', key_age_days: 0, customer_email: '' },
      usage: { month_cost: null },
    })
  })

  test('is read for one customer, and for what rules in shadow mode left', async () => {
    expect(ids(await read({ ...period, customerId: other.customerId }))).toEqual(made(3))
    expect(new Set(ids(await read({ ...period, kind: 'marked' }, 1)))).toEqual(new Set(made(1, 2)))
    expect(await read({ since: day(5), until: day(9) })).toEqual([])
  })

  test('may be left in the middle', async () => {
    for await (const page of log.pages(period, 1)) {
      expect([...page]).toHaveLength(1)
      break
    }
  })

  test('tells which sets judged, when and how often', async () => {
    expect(await log.judgedBy(period)).toEqual([
      { version: 'v1', decisions: 2, first: day(1), last: day(2) },
      { version: 'v2', decisions: 2, first: day(2), last: day(3) },
    ])
  })

  test('tells what calls cost, by customer', async () => {
    expect(await log.costs(period)).toEqual(
      new Map([
        [owner.customerId, 1.75],
        [other.customerId, 4],
      ]),
    )
  })

  test('finds one decision, for its customer alone', async () => {
    const [id = ''] = made(3)
    expect(await log.find(id, null)).toMatchObject({ id, outcome: 'completed', status: 200 })
    expect(await log.find(id, other.customerId)).toMatchObject({ id })
    expect(await log.find(id, owner.customerId)).toBeNull()
    expect(await log.find(records[4]?.id ?? '', null)).toBeNull()
  })
})

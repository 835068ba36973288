import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisionLog } from '../../src/audit/decisions.ts'
import type { RecordedDecision } from '../../src/contracts/recorded.ts'
import { testDatabase } from '../fakes/database.ts'
import { type MadeRecord, makeOwner, makeRecord, storeRecords } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let log: ReturnType<typeof createDecisionLog>
let owner: Awaited<ReturnType<typeof makeOwner>>
let other: Awaited<ReturnType<typeof makeOwner>>
const day = (number: number) => new Date(Date.UTC(2027, 0, number))
const period = { since: day(1), until: day(10) }
/** Two of each day, the second day's of the same moment; one of another customer; two that are no decisions of then. */
let records: MadeRecord[]

beforeAll(async () => {
  database = await testDatabase()
  log = createDecisionLog(database.pool)
  owner = await makeOwner(database.prisma)
  other = await makeOwner(database.prisma)
  const spoken = { policy: 'rules', rule: 'old_key', reason: 'old_key', score: 100, effect: 'block' } as const
  records = [
    makeRecord(owner, { created_at: day(1) }, { cost_usd: 1.5 }),
    makeRecord(owner, { created_at: day(2), shadow: [spoken] }),
    makeRecord(owner, { created_at: day(2), rule_errors: ['old_key'], policy_version: 'v2' }, { cost_usd: 0.25 }),
    makeRecord(other, { created_at: day(3), policy_version: 'v2' }, { cost_usd: 4 }),
    makeRecord(owner, { created_at: day(4), policy_version: null, meta: null, reason: 'rate_limit_exceeded' }),
    makeRecord(owner, { created_at: day(10) }, { cost_usd: 100 }),
  ]
  await storeRecords(database.pool, records)
})
afterAll(() => database.close())

async function read(selection: Parameters<typeof log.pages>[0], size?: number): Promise<RecordedDecision[][]> {
  return Array.fromAsync(log.pages(selection, size), page => [...page])
}

const ids = (pages: RecordedDecision[][]) => pages.flat().map(({ id }) => id)
const made = (...indexes: number[]) => indexes.map(index => records[index]?.decision.id)

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
    expect(first).toMatchObject({
      ...owner,
      facts: records[0]?.decision.meta,
      costUsd: 1.5,
      policyVersion: 'v1',
      shadow: null,
    })
  })

  test('completes facts from before there were rules', async () => {
    const record = makeRecord(other, { created_at: day(20) })
    await storeRecords(database.pool, [record])
    const { at: _at, tools: _tools, caller: _caller, usage: _usage, ...old } = record.decision.meta ?? {}
    await database.pool.query('ALTER TABLE usage_log DISABLE TRIGGER USER')
    await database.pool.query('UPDATE usage_log SET meta = $1 WHERE id = $2', [old, record.decision.id])
    await database.pool.query('ALTER TABLE usage_log ENABLE TRIGGER USER')
    expect((await log.find(record.decision.id, null))?.facts).toEqual({
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
    expect(await log.find(records[4]?.decision.id ?? '', null)).toBeNull()
  })
})

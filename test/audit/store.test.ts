import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AuditStore, createAuditStore } from '../../src/audit/store.ts'
import type { UsageRecord } from '../../src/contracts/record.ts'
import { testDatabase } from '../fakes/database.ts'
import { makeOwner, makeRecord } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let store: AuditStore
let owner: Pick<UsageRecord, 'customerId' | 'apiKeyId'>

beforeAll(async () => {
  database = await testDatabase()
  store = createAuditStore(database)
})
beforeEach(async () => {
  owner = await makeOwner(database.prisma)
})
afterAll(() => database.close())

const row = (fields: Partial<UsageRecord> = {}, costUsd: number | null = null) => ({
  ...makeRecord(owner, fields),
  costUsd,
})
const stored = () =>
  database.prisma.usageLog.findMany({ where: { customerId: owner.customerId }, orderBy: { id: 'asc' } })

describe('insert', () => {
  it('stores every field, and what is unknown as null', async () => {
    const full = row(
      {
        contributions: [
          {
            policy: 'block_personal_data',
            rule: 'block_personal_data',
            reason: 'contains_personal_data',
            score: 70,
            effect: 'score',
          },
        ],
      },
      0.000000123,
    )
    const bare = row({
      model: null,
      provider: null,
      policyVersion: null,
      status: null,
      inputTokens: null,
      outputTokens: null,
      upstreamMs: null,
      facts: null,
    })
    expect(await store.insert([full, bare])).toEqual({ refused: [] })
    const [first, second] = await stored()
    const { facts, costUsd, ...columns } = full
    expect(first).toMatchObject({ ...columns, meta: facts })
    expect(first?.costUsd?.toNumber()).toBe(costUsd)
    expect(second).toMatchObject({
      model: null,
      provider: null,
      policyVersion: null,
      status: null,
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      costUsd: null,
      upstreamMs: null,
      meta: {},
    })
  })

  it('can be sent the same batch again, and leaves what is there', async () => {
    const rows = [row(), row()]
    await store.insert(rows)
    await store.insert([...rows.map(one => ({ ...one, reason: 'changed' })), row(), rows[0] ?? row()])
    const found = await stored()
    expect(found).toHaveLength(3)
    expect(found.every(one => one.reason === 'ok')).toBe(true)
  })

  it('stores all other records of a batch when some are refused', async () => {
    const rows = Array.from({ length: 40 }, () => row())
    const unmeasured = row({ latencyMs: Number.NaN })
    const large = row({ inputTokens: 2 ** 31 })
    rows.splice(7, 0, large)
    rows.splice(23, 0, unmeasured)
    expect((await store.insert(rows)).refused.sort()).toEqual([unmeasured.id, large.id].sort())
    expect(await stored()).toHaveLength(40)
  })

  it('stores records of a customer and a key that are gone', async () => {
    const { customerId, apiKeyId } = owner
    await store.insert([row()])
    await database.prisma.apiKey.delete({ where: { id: apiKeyId } })
    await database.prisma.customer.delete({ where: { id: customerId } })
    expect(await store.insert([row()])).toEqual({ refused: [] })
    expect(await stored()).toHaveLength(2)
  })

  it('stores a record whose model name PostgreSQL could not hold', async () => {
    const { refused } = await store.insert([row({ model: 'a\0b\ud800' }), row({ model: 'a\\u0000' })])
    expect(refused).toEqual([])
    expect((await stored()).map(one => one.model)).toEqual(['a\uFFFDb\uFFFD', 'a\\u0000'])
  })

  it('throws while the database is away', async () => {
    const gone = await testDatabase()
    const goneStore = createAuditStore(gone)
    await gone.close()
    await expect(goneStore.insert([row()])).rejects.toThrow()
  })
})

describe('the table', () => {
  it.each([
    ['UPDATE', "UPDATE usage_log SET reason = 'changed'"],
    ['DELETE', 'DELETE FROM usage_log'],
    ['TRUNCATE', 'TRUNCATE usage_log'],
  ])('refuses %s', async (_name, statement) => {
    await store.insert([row()])
    await expect(database.prisma.$executeRawUnsafe(statement)).rejects.toThrow('append-only')
    expect(await stored()).toMatchObject([{ reason: 'ok' }])
  })
})

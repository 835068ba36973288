import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AuditStore, createAuditStore } from '../../src/audit/store.ts'
import { testDatabase } from '../fakes/database.ts'
import { makeOwner, makeRecord, type Owner, storeRecords } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let store: AuditStore
let owner: Owner

beforeAll(async () => {
  database = await testDatabase()
  store = createAuditStore(database)
})
beforeEach(async () => {
  owner = await makeOwner(database.prisma)
})
afterAll(() => database.close())

const stored = () =>
  database.prisma.usageLog.findMany({ where: { customerId: owner.customerId }, orderBy: { id: 'asc' } })

describe('the table', () => {
  it.each([
    ['UPDATE', "UPDATE usage_log SET reason = 'changed'"],
    ['DELETE', 'DELETE FROM usage_log'],
    ['TRUNCATE', 'TRUNCATE usage_log'],
  ])('refuses %s', async (_name, statement) => {
    await storeRecords(database.pool, [makeRecord(owner)])
    await expect(database.prisma.$executeRawUnsafe(statement)).rejects.toThrow('append-only')
    expect(await stored()).toMatchObject([{ reason: 'ok' }])
  })
})

describe('prune', () => {
  it('deletes what is older, in batches, and nothing else', async () => {
    const old = Array.from({ length: 25 }, (_, i) =>
      makeRecord(owner, { created_at: new Date(Date.UTC(2020, 0, 1 + i)) }),
    )
    const recent = [makeRecord(owner), makeRecord(owner)]
    await storeRecords(database.pool, [...old, ...recent])
    const limit = new Date(Date.UTC(2020, 0, 21))
    expect(await store.countOlder(limit)).toBe(20)
    expect(await store.prune(limit, 7)).toBe(20)
    expect(await store.countOlder(limit)).toBe(0)
    expect(await stored()).toHaveLength(7)
    expect(await store.prune(limit, 7)).toBe(0)
    await expect(database.prisma.$executeRaw`DELETE FROM usage_log`).rejects.toThrow('append-only')
  })
})

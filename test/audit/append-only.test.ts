import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { makeOwner, makeRecord, type Owner, storeRecords } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let owner: Owner

beforeAll(async () => {
  database = await testDatabase()
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

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
const version = { author: 'alice', note: '', hash: 'aa', documents: {} }

beforeAll(async () => {
  database = await testDatabase()
  await database.prisma.policyVersion.create({ data: { ...version, number: 1 } })
  await database.prisma.policySet.create({ data: { hash: 'aa', documents: {} } })
})
afterAll(() => database.close())

describe.each(['policy_version', 'policy_set'])('%s', table => {
  test.each([
    ['updated', `UPDATE ${table} SET hash = 'bb'`],
    ['deleted', `DELETE FROM ${table}`],
    ['truncated', `TRUNCATE ${table}`],
  ])('cannot be %s, not even in a retention transaction', async (_what, statement) => {
    const { prisma } = database
    await expect(prisma.$executeRawUnsafe(statement)).rejects.toThrow('append-only')
    const inRetention = prisma.$transaction([
      prisma.$executeRaw`SET LOCAL governance.retention = 'on'`,
      prisma.$executeRawUnsafe(statement),
    ])
    await expect(inRetention).rejects.toThrow('append-only')
  })
})

test('a number is given once: for everyone, as for each customer', async () => {
  const { policyVersion } = database.prisma
  const customerId = '019ab000-0000-7000-8000-000000000001'
  await policyVersion.create({ data: { ...version, number: 1, customerId } })
  await expect(policyVersion.create({ data: { ...version, number: 1, customerId } })).rejects.toThrow('Unique')
  await expect(policyVersion.create({ data: { ...version, number: 1 } })).rejects.toThrow('Unique')
  await policyVersion.create({ data: { ...version, number: 2 } })
})

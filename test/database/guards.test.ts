import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
const id = randomUUID()

beforeAll(async () => {
  database = await testDatabase()
  const { prisma } = database
  const customer = await prisma.customer.create({ data: { name: 'Alice', email: 'alice@example.com' } })
  const key = await prisma.apiKey.create({ data: { id: randomUUID(), customerId: customer.id, apiKeyHash: 'x' } })
  await prisma.usageLog.create({
    data: {
      id,
      requestId: randomUUID(),
      customerId: customer.id,
      apiKeyId: key.id,
      source: 'check',
      operation: 'classify',
      allowed: true,
      riskScore: 0,
      reason: 'ok',
      contributions: [],
      outcome: 'completed',
      latencyMs: 1,
      meta: {},
      createdAt: new Date(),
    },
  })
})
afterAll(() => database.close())

test('a row of usage_log cannot be updated, not even in a retention transaction', async () => {
  const { prisma } = database
  await expect(prisma.usageLog.update({ where: { id }, data: { allowed: false } })).rejects.toThrow('append-only')
  const inRetention = prisma.$transaction([
    prisma.$executeRaw`SET LOCAL governance.retention = 'on'`,
    prisma.$executeRaw`UPDATE usage_log SET allowed = false`,
  ])
  await expect(inRetention).rejects.toThrow('append-only')
})

test('usage_log cannot be truncated, not even in a retention transaction', async () => {
  const { prisma } = database
  await expect(prisma.$executeRaw`TRUNCATE usage_log`).rejects.toThrow('append-only')
  const inRetention = prisma.$transaction([
    prisma.$executeRaw`SET LOCAL governance.retention = 'on'`,
    prisma.$executeRaw`TRUNCATE usage_log`,
  ])
  await expect(inRetention).rejects.toThrow('append-only')
})

test('a row of usage_log can be deleted in a retention transaction only', async () => {
  const { prisma } = database
  await expect(prisma.usageLog.deleteMany()).rejects.toThrow('append-only')
  await prisma.$transaction([prisma.$executeRaw`SET LOCAL governance.retention = 'on'`, prisma.usageLog.deleteMany()])
  expect(await prisma.usageLog.count()).toBe(0)
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

describe.each(['audit_leaf', 'audit_checkpoint', 'audit_key', 'audit_pruning'])('%s', table => {
  beforeAll(async () => {
    const { prisma } = database
    const place = { logId: id, hashes: new Uint8Array(32) }
    await prisma.auditLeaf.createMany({ data: { ...place, firstIndex: 0 }, skipDuplicates: true })
    const checkpoint = { logId: id, size: 1, note: 'a note', frontier: new Uint8Array(32) }
    await prisma.auditCheckpoint.createMany({ data: checkpoint, skipDuplicates: true })
    await prisma.auditKey.createMany({ data: { verifierKey: 'a key' }, skipDuplicates: true })
    const times = { olderThan: new Date(), createdAt: new Date() }
    const pruning = { id, logId: id, leafIndex: 0, prunedLogId: id, firstIndex: 0, endIndex: 1, ...times }
    await prisma.auditPruning.createMany({ data: pruning, skipDuplicates: true })
  })

  const column = table === 'audit_pruning' || table === 'audit_key' ? 'created_at' : 'log_id'
  test.each([
    ['updated', `UPDATE ${table} SET ${column} = ${column}`],
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

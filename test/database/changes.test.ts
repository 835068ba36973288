import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Part } from '../../src/contracts/part.ts'
import { type Change, watchChanges } from '../../src/database/changes.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl } from '../fakes/servers.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
let database: Awaited<ReturnType<typeof testDatabase>>
let seen: Change[] = []
let gaps = 0
let watcher: Part
const keyId = randomUUID()
let customerId = ''

beforeAll(async () => {
  database = await testDatabase()
  const customer = await database.prisma.customer.create({ data: { name: 'Alice', email: 'alice@example.com' } })
  customerId = customer.id
  await database.prisma.apiKey.create({ data: { id: keyId, customerId, apiKeyHash: 'x' } })
})
afterAll(() => database.close())

beforeEach(async () => {
  seen = []
  gaps = 0
  watcher = watchChanges(database.url, { onChange: change => seen.push(change), onGap: () => gaps++, log })
  await watcher.start()
})
afterEach(() => watcher.stop())

test('a revoked key, and then a deleted one, reach the watcher', async () => {
  const { prisma } = database
  const spare = await prisma.apiKey.create({ data: { id: randomUUID(), customerId, apiKeyHash: 'x' } })
  await prisma.apiKey.update({ where: { id: spare.id }, data: { isActive: false, revokedAt: new Date() } })
  await prisma.apiKey.delete({ where: { id: spare.id } })
  const change = { table: 'api_key', id: spare.id }
  await expect.poll(() => seen).toEqual([change, change])
})

test('so do new scopes of a key', async () => {
  await database.prisma.apiKey.update({ where: { id: keyId }, data: { scopes: ['policies:simulate'] } })
  await expect.poll(() => seen).toEqual([{ table: 'api_key', id: keyId }])
})

test('the use of a key is not a change', async () => {
  await database.prisma.apiKey.update({ where: { id: keyId }, data: { lastUsedAt: new Date() } })
  await sleep(200)
  expect(seen).toEqual([])
})

test('policies reach the watcher, for all and for one customer', async () => {
  const { prisma } = database
  const policy = await prisma.policy.create({ data: { key: 'risk_threshold', description: '', defaultValue: 50 } })
  await prisma.customerPolicy.create({ data: { customerId, policyId: policy.id, value: 70 } })
  await prisma.customerPolicy.deleteMany()
  const forCustomer = { table: 'customer_policy', customer: customerId }
  await expect.poll(() => seen).toEqual([{ table: 'policy' }, forCustomer, forCustomer])
})

test('a change that is rolled back is none', async () => {
  const { prisma } = database
  const failing = prisma.$transaction([
    prisma.apiKey.update({ where: { id: keyId }, data: { isActive: false } }),
    prisma.$executeRaw`SELECT 1 / 0`,
  ])
  await expect(failing).rejects.toThrow()
  await sleep(200)
  expect(seen).toEqual([])
})

test('what cannot be read counts as a gap', async () => {
  await database.prisma.$executeRaw`SELECT pg_notify('governance_changes', 'nonsense')`
  await expect.poll(() => gaps).toBe(1)
})

test('several watchers all hear of a change', async () => {
  const others: Change[] = []
  const other = watchChanges(database.url, { onChange: change => others.push(change), onGap() {}, log })
  await other.start()
  await database.prisma.apiKey.update({ where: { id: keyId }, data: { name: randomUUID() } })
  await expect.poll(() => [seen.length, others.length]).toEqual([1, 1])
  await other.stop()
})

test('a start without a database keeps trying, and stops at once', async () => {
  const nobody = watchChanges('postgres://postgres@127.0.0.1:1/postgres', { onChange() {}, onGap() {}, log })
  await nobody.start()
  const since = performance.now()
  await nobody.stop()
  expect(performance.now() - since).toBeLessThan(10_000)
})

test.skipIf(postgresUrl === null)('a lost connection is replaced, and counts as a gap', async () => {
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'ai-governance-proxy changes' AND datname = current_database()`,
  )
  await admin.end()
  await expect.poll(() => gaps).toBe(1)
  await database.prisma.apiKey.update({ where: { id: keyId }, data: { name: randomUUID() } })
  await expect.poll(() => seen).toEqual([{ table: 'api_key', id: keyId }])
})

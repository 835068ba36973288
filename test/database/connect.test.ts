import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { connectDatabase } from '../../src/database/client.ts'
import { migrate } from '../../src/database/migrate.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl } from '../fakes/servers.ts'

test('without a URL the embedded database is opened, and kept from one process to the next', async () => {
  const dataDir = await mkdtemp(`${tmpdir()}/governance-`)
  const first = await connectDatabase({ databaseUrl: null, dataDir })
  await migrate(first.url)
  await first.prisma.customer.create({ data: { name: 'Alice', email: 'alice@example.com' } })
  await first.close()

  const second = await connectDatabase({ databaseUrl: null, dataDir, databaseConnections: 3 })
  expect(await migrate(second.url)).toEqual([])
  expect(await second.prisma.customer.findFirst()).toMatchObject({ email: 'alice@example.com' })
  await second.close()
  await rm(dataDir, { recursive: true })
})

test('with a URL that database is opened, and nothing is made under the data directory', async () => {
  const { url, close } = await testDatabase()
  const database = await connectDatabase({ databaseUrl: url, dataDir: '/nonexistent' })
  expect(await database.prisma.customer.count()).toBe(0)
  await database.close()
  await close()
})

test.skipIf(postgresUrl === null)('a statement that takes too long is ended by the server', async () => {
  const { prisma, close } = await testDatabase()
  const [row] = await prisma.$queryRaw<{ statement_timeout: string }[]>`SHOW statement_timeout`
  expect(row?.statement_timeout).toBe('30s')
  await close()
})

test('an interactive transaction and queries beside it all end', async () => {
  const { prisma, close } = await testDatabase()
  const created = prisma.$transaction(async transaction => {
    const customer = await transaction.customer.create({ data: { name: 'Bob', email: 'bob@example.com' } })
    return transaction.customer.update({ where: { id: customer.id }, data: { name: 'Robert' } })
  })
  const counts = await Promise.all(Array.from({ length: 20 }, () => prisma.customer.count()))
  expect(counts.every(count => count === 0 || count === 1)).toBe(true)
  expect((await created).name).toBe('Robert')
  await close()
})

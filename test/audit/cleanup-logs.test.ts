import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { runScript } from '../fakes/process.ts'
import { makeOwner, makeRecord, storeRecords } from './records.ts'

const msPerDay = 86_400_000
let dataDir: string
let database: Awaited<ReturnType<typeof testDatabase>>

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-retention-'))
  database = await testDatabase()
  const owner = await makeOwner(database.prisma)
  const records = [140, 120, 100, 80, 40, 20, 1].map(days =>
    makeRecord(owner, { created_at: new Date(Date.now() - days * msPerDay) }),
  )
  await storeRecords(database.pool, records)
})
afterAll(async () => {
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

const cleanUp = (...args: string[]) =>
  runScript('cleanup-logs', args, { DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_RETENTION_DAYS: '60' })

const count = () => database.prisma.usageLog.count()

it('deletes nothing on a dry run, and says what it would', async () => {
  expect(await cleanUp('--days', '90', '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 usage records older than 90 days'),
  })
  expect(await count()).toBe(7)
})

it('deletes what is older than asked, in batches', async () => {
  const { code, stdout, stderr } = await cleanUp('--days', '90', '--batch', '2')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^3 usage records older than 90 days .* were deleted\.\n$/)
  expect(await count()).toBe(4)
})

it('keeps the retention of the settings when not told otherwise', async () => {
  expect(await cleanUp()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 usage records older than 60 days'),
  })
  expect(await count()).toBe(3)
})

it.each([['--days', '0'], ['--days', 'x'], ['--batch', '0'], ['--unknown'], ['stray']])(
  'refuses %s %s',
  async (...args) => {
    expect(await cleanUp(...args.filter(arg => arg !== undefined))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Usage:'),
    })
    expect(await count()).toBe(3)
  },
)

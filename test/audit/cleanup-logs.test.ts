import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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

const environment = () => ({ DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_RETENTION_DAYS: '60' })
const cleanUp = (...args: string[]) => runScript('cleanup-logs', args, environment())

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

it('sends its checkpoints to where those of a proxy go, and waits until they are there', async () => {
  const taken: string[] = []
  let requests = 0
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    // The first attempt fails.
    const isTaken = requests++ > 0
    if (isTaken) taken.push(text)
    response.writeHead(isTaken ? 200 : 503).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const file = join(dataDir, 'outside')
  const { port } = server.address() as AddressInfo
  const places = `${file},http://127.0.0.1:${port},log`
  const cleaned = await runScript('cleanup-logs', ['--days', '30'], { ...environment(), AUDIT_CHECKPOINTS_TO: places })
  await new Promise(resolve => server.close(resolve))
  expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining('1 usage records older than 30 days') })
  const [note] = taken as [string]
  expect(taken).toHaveLength(1)
  expect(await readFile(file, 'utf8')).toBe(`${note}\n`)
  expect(cleaned.stdout).toContain(JSON.stringify(note))
  const [log = ''] = await readdir(join(dataDir, 'checkpoints'))
  expect(await readFile(join(dataDir, 'checkpoints', log), 'utf8')).toContain(note)
})

it('goes by what another key signed if it is given', async () => {
  const { stdout: key } = await runScript('audit', ['keys'], environment())
  const elsewhere = await mkdtemp(join(tmpdir(), 'governance-retention-'))
  const cleanUpElsewhere = (...args: string[]) =>
    runScript('cleanup-logs', ['--days', '10', ...args], { ...environment(), DATA_DIR: elsewhere })
  const refused = await cleanUpElsewhere()
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no signed pruning took it') })
  await writeFile(join(elsewhere, 'key'), key)
  expect(await cleanUpElsewhere('--public-key', join(elsewhere, 'key'))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 usage records older than 10 days'),
  })
  await rm(elsewhere, { recursive: true, force: true })
})

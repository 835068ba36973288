import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectEmbedded, startEmbedded } from '../../src/database/embedded.ts'
import { takeLock } from '../../src/lock.ts'
import { placeEmbedded } from '../fakes/embedded.ts'

const writer = fileURLToPath(new URL('../fakes/embedded-writer.ts', import.meta.url))
let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(`${tmpdir()}/governance-`)
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Starts a writer in its own process and kills it hard, in the middle, after `rows` commits; returns their ids. */
async function writeAndKill(rows: number) {
  const child = spawn(process.execPath, ['--liftoff-only', writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const committed: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') continue
    committed.push(Number(line))
    if (committed.length === rows) child.kill('SIGKILL')
  }
  await ended
  return committed
}

test('rows that were committed survive processes that are killed while they write', { timeout: 60_000 }, async () => {
  placeEmbedded(dataDir)
  const committed: number[] = []
  for (let round = 0; round < 4; round++) committed.push(...(await writeAndKill(50 + 37 * round)))

  const { url, stop } = await startEmbedded({ dataDir })
  const stored = new Set((await query(url, 'SELECT id FROM item')).map(({ id }) => id))
  expect(committed.filter(id => !stored.has(id))).toEqual([])
  // A row may have been committed and not yet printed when the process died: at most one a round.
  expect(stored.size).toBeGreaterThanOrEqual(committed.length)
  await stop()
})

test('a data directory that was half made when the process was killed is made again', async () => {
  await mkdir(`${dataDir}/postgres/base`, { recursive: true })
  await writeFile(`${dataDir}/postgres/PG_VERSION`, '18')
  await writeFile(`${dataDir}/postgres.unfinished`, '')
  const { url, stop } = await startEmbedded({ dataDir })
  await query(url, 'CREATE TABLE item (id int)')
  await stop()

  const again = await startEmbedded({ dataDir })
  expect(await query(again.url, 'SELECT id FROM item')).toEqual([])
  await again.stop()
})

test('a second process attaches, and goes on serving under the same URL when the first ends', async () => {
  placeEmbedded(dataDir)
  const first = await startEmbedded({ dataDir })
  await query(first.url, 'CREATE TABLE item (id int)')
  await expect(startEmbedded({ dataDir })).rejects.toThrow('Another process has the embedded database')
  const second = await connectEmbedded({ dataDir })
  expect(second.url).toBe(first.url)
  await query(second.url, 'INSERT INTO item VALUES (1)')

  await first.stop()
  const deadline = performance.now() + 10_000
  let rows: unknown[] = []
  while (rows.length === 0 && performance.now() < deadline) {
    rows = await query(second.url, 'SELECT id FROM item').catch(() => [])
    await sleep(50)
  }
  expect(rows).toEqual([{ id: 1 }])
  await second.stop()
})

test('processes that start at once share one database', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => connectEmbedded({ dataDir })))
  expect(new Set(all.map(({ url }) => url)).size).toBe(1)
  await Promise.all(all.map(({ stop }) => stop()))
})

test.skipIf(process.platform === 'win32')('other users of the machine reach neither files nor socket', async () => {
  const { url, stop } = await startEmbedded({ dataDir: `${dataDir}/new` })
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777
  expect(await modeOf(`${dataDir}/new`)).toBe(0o700)
  expect(await modeOf(`${dataDir}/new/socket`)).toBe(0o700)
  expect(await modeOf(`${dataDir}/new/postgres.lock`)).toBe(0o600)
  expect(new URL(url).searchParams.get('host')).toBe(`${dataDir}/new/socket`)
  await stop()
})

test('where a socket has no usable path, a port with a password serves', async () => {
  const deep = `${dataDir}/${'long/'.repeat(20)}`
  placeEmbedded(deep)
  const { url, stop } = await startEmbedded({ dataDir: deep })
  expect(new URL(url).hostname).toBe('127.0.0.1')
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  const stranger = new URL(url)
  stranger.password = 'guess'
  await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  await stop()
})

describe('the lock', () => {
  const lockFile = () => `${dataDir}/postgres.lock`
  const holder = { token: 'other', pid: process.pid, host: hostname(), startedAt: 'another boot 1', url: null }
  const leave = (changes: object) => writeFile(lockFile(), JSON.stringify({ ...holder, ...changes }))

  test('of a process that is gone is taken over', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    await leave({ pid: child.pid, startedAt: null })
    const lock = await takeLock(lockFile())
    expect(lock).not.toBeNull()
    await lock?.release()
  })

  test.skipIf(process.platform !== 'linux')('of a process whose id was given to another is taken over', async () => {
    await leave({})
    const lock = await takeLock(lockFile())
    expect(JSON.parse(await readFile(lockFile(), 'utf8')).token).not.toBe('other')
    await lock?.release()
  })

  test.skipIf(process.platform !== 'linux')('of a process that nobody asked how it ended is taken over', async () => {
    // What the shell becomes asks nothing of the child that it had.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [output] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(output.toString())
      await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
      const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
      await leave({ pid, startedAt: `${boot.trim()} ${stat.split(' ')[21]}` })
      const lock = await takeLock(lockFile())
      expect(lock).not.toBeNull()
      await lock?.release()
    } finally {
      parent.kill('SIGKILL')
    }
  })

  test('of another host is respected while it beats', async () => {
    await leave({ host: 'another' })
    expect(await takeLock(lockFile())).toBeNull()
  })

  test('of a dead process goes to one of many that want it', async () => {
    await leave({})
    const taken = (await Promise.all(Array.from({ length: 20 }, () => takeLock(lockFile())))).filter(
      lock => lock !== null,
    )
    expect(taken.length).toBe(1)
    await taken[0]?.release()
  })
})

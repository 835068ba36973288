// The proxy as a person runs it, under load, killed hard at random moments and started again on the same data, often
// enough that every step of a record's way to the database is hit. CRASH_ROUNDS=200 makes the long run of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { realDatabase } from '../fakes/database.ts'
import { placeEmbedded } from '../fakes/embedded.ts'
import { type ServerProcess, startServer } from '../fakes/process.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { postgresUrl as server } from '../fakes/servers.ts'
import { atRest, type Installation, leftInSpool, makeKeys, missing, poolOf, verifyLog } from './crash/installation.ts'
import { answerSlowly, nothingSeen, startLoad } from './crash/load.ts'

const rounds = Number(process.env.CRASH_ROUNDS ?? 3)
/** A log is verified from its beginning each time. */
const verifyEvery = Math.max(1, Math.floor(rounds / 10))

let upstream: Awaited<ReturnType<typeof startRecorder>>
let installation: Installation
let release: () => Promise<void>
let running: ServerProcess | undefined

beforeEach(async () => {
  upstream = await startRecorder()
  answerSlowly(upstream)
})
afterEach(async () => {
  await running?.end('SIGKILL')
  await upstream.stop()
  await release()
  await rm(installation.dataDir, { recursive: true, force: true })
})

/** Starts the proxy. Null where it was killed before it listened. */
function start(signal?: AbortSignal): Promise<ServerProcess | null> {
  const { dataDir, databaseUrl } = installation
  const database = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }
  const environment = { DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-upstream', OPENAI_BASE_URL: upstream.url, ...database }
  return startServer(environment, signal).catch(error => {
    if (signal?.aborted) return null
    throw error
  })
}

/**
 * A checkpoint is kept beside the database a moment before it is in it: what is found in that moment is gone in the
 * next.
 */
async function expectVerified(): Promise<void> {
  const pool = await poolOf(installation)
  try {
    for (let attempt = 1; ; attempt++) {
      const { ok, findings, logs } = await verifyLog(pool, installation.dataDir, 300_000)
      if (!ok && attempt < 5) {
        await sleep(500)
        continue
      }
      expect({ ok, findings }).toEqual({ ok: true, findings: [] })
      // Another log would begin where the first one had not been found as it was left.
      expect(logs.length).toBeLessThanOrEqual(1)
      return
    }
  } finally {
    await pool.end()
  }
}

async function surviveKills(): Promise<void> {
  const keys = await makeKeys(installation)
  const seen = nothingSeen()
  let waiting = new Set<string>()
  let forwarded = 0
  for (let round = 0; round < rounds; round++) {
    // One in five is killed while it starts, and then takes up what was left over.
    const early = Math.random() < 0.2 ? AbortSignal.timeout(500 + Math.floor(Math.random() * 3000)) : undefined
    running = (await start(early)) ?? undefined
    if (running === undefined) continue
    if (early === undefined) {
      expect(await missing(installation, waiting)).toEqual([])
      waiting = new Set()
      if (round % verifyEvery === 0) await expectVerified()
    }
    const own = { ids: new Set<string>(), statuses: seen.statuses }
    const load = startLoad(running.url, keys, own)
    // A process that has never answered takes a while to.
    for (const deadline = Date.now() + 10_000; own.ids.size === 0 && Date.now() < deadline; ) await sleep(10)
    await sleep(Math.random() * 1500)
    await running.end('SIGKILL')
    await load.stop()
    for (const id of own.ids) {
      waiting.add(id)
      seen.ids.add(id)
    }
    forwarded += upstream.requests.length
    upstream.requests.length = 0
  }

  running = (await start()) ?? undefined
  expect(await missing(installation, seen.ids)).toEqual([])
  expect(await running?.end('SIGTERM')).toBe(0)
  expect(await leftInSpool(installation.dataDir)).toEqual({ waiting: [], refused: [], drafts: [] })
  const { rows, report } = await atRest(installation, async pool => ({
    rows: (await pool.query<{ request_id: string; outcome: string; allowed: boolean }>('SELECT * FROM usage_log')).rows,
    report: await verifyLog(pool, installation.dataDir, 0),
  }))
  expect(report).toMatchObject({ ok: true, findings: [] })
  expect(report.logs).toHaveLength(1)
  expect(report.counts.records).toBe(rows.length)
  expect(new Set(rows.map(row => row.request_id)).size).toBe(rows.length)
  // No call reached the provider that has no record.
  expect(rows.filter(({ allowed }) => allowed).length).toBeGreaterThanOrEqual(forwarded)
  for (const status of [200, 403]) expect(seen.statuses.get(status)).toBeGreaterThan(0)
  expect([...seen.statuses.keys()].sort()).toEqual([200, 403])

  const interrupted = rows.filter(({ outcome }) => outcome === 'interrupted').length
  console.info(`${rounds} kills: ${seen.ids.size} calls seen, ${rows.length} records, ${interrupted} interrupted`)
}

test(
  'killed hard at random moments, everything that a client saw is on record once, and the log verifies',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'governance-crash-'))
    const database = server === null ? null : await realDatabase(server)
    if (database === null) placeEmbedded(dataDir)
    installation = { dataDir, databaseUrl: database?.url ?? null }
    release = async () => database?.stop()
    await surviveKills()
  },
  120_000 + rounds * 30_000,
)

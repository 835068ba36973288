// PostgreSQL stopped, restarted and frozen while calls run: calls go on, and all of them are on record afterwards.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { postgresPrograms, startPostgres } from '../fakes/postgres.ts'
import { type ServerProcess, startServer } from '../fakes/process.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { atRest, type Installation, leftInSpool, makeKeys, missing, verifyLog } from './crash/installation.ts'
import { answerSlowly, nothingSeen, startLoad } from './crash/load.ts'

const programs = postgresPrograms()
const outageMs = 3000

let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined
let upstream: Awaited<ReturnType<typeof startRecorder>>
let installation: Installation
let proxy: ServerProcess | undefined

beforeEach(async () => {
  upstream = await startRecorder()
  answerSlowly(upstream)
  installation = { dataDir: await mkdtemp(join(tmpdir(), 'governance-outage-')), databaseUrl: null }
})
afterEach(async () => {
  await proxy?.end('SIGKILL')
  await postgres?.remove()
  await upstream.stop()
  await rm(installation.dataDir, { recursive: true, force: true })
})

type Server = NonNullable<typeof postgres>

/** What happens to the server, and what ends it. */
const outages: [(server: Server) => Promise<void> | void, (server: Server) => Promise<void> | void][] = [
  [server => server.stop(), server => server.start()],
  [server => server.stop('SIGQUIT'), server => server.start()],
  [server => server.freeze(), server => server.thaw()],
  [
    server => server.freeze(),
    async server => {
      server.thaw()
      await server.stop('SIGQUIT')
      await server.start()
    },
  ],
]

test.runIf(programs)(
  'calls go on through outages of PostgreSQL, and are on record once afterwards',
  async () => {
    postgres = await startPostgres(programs ?? '')
    installation.databaseUrl = postgres.url
    const keys = await makeKeys(installation)
    proxy = await startServer({
      DATA_DIR: installation.dataDir,
      DATABASE_URL: postgres.url,
      OPENAI_API_KEY: 'sk-upstream',
      OPENAI_BASE_URL: upstream.url,
    })
    const seen = nothingSeen()
    const load = startLoad(proxy.url, keys, seen)
    await expect.poll(() => seen.statuses.size).toBe(2)

    for (const [begin, end] of outages) {
      await begin(postgres)
      const before = seen.ids.size
      await sleep(outageMs)
      expect(seen.ids.size).toBeGreaterThan(before)
      await end(postgres)
      await sleep(1000)
    }
    await load.stop()
    expect([...seen.statuses.keys()].sort()).toEqual([200, 403])
    expect(await missing(installation, seen.ids)).toEqual([])
    expect(await proxy.end('SIGTERM')).toBe(0)
    expect(await leftInSpool(installation.dataDir)).toEqual({ waiting: [], refused: [], drafts: [] })
    const { rows, report } = await atRest(installation, async pool => ({
      rows: (await pool.query<{ request_id: string }>('SELECT request_id FROM usage_log')).rows,
      report: await verifyLog(pool, installation.dataDir, 0),
    }))
    expect(report).toMatchObject({ ok: true, findings: [] })
    expect(report.logs).toHaveLength(1)
    expect(report.counts.records).toBe(rows.length)
    expect(new Set(rows.map(row => row.request_id)).size).toBe(rows.length)
    console.info(`${outages.length} outages: ${seen.ids.size} calls seen, ${rows.length} records`)
  },
  180_000,
)

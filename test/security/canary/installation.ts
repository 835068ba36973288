// A proxy with all that it can leave a trace in, as processes and files of their own.
import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Database } from '../../../src/database/client.ts'
import { connectDatabase } from '../../../src/database/client.ts'
import { placeEmbedded } from '../../fakes/embedded.ts'
import { startPostgres } from '../../fakes/postgres.ts'
import { startServer } from '../../fakes/process.ts'
import type { Markers } from './markers.ts'
import { commandSinks, filesIn, rowsIn, type Sinks, startReceiver, watchRedis } from './sinks.ts'
import { startUpstream } from './upstream.ts'

const run = promisify(execFile)

type Options = { programs: string | null; redisUrl: string | null; markers: Markers }

/** With PostgreSQL's programs a database server of its own, without them the embedded database. */
export async function startInstallation({ programs, redisUrl, markers }: Options) {
  const directory = await mkdtemp(join(tmpdir(), 'governance-canary-'))
  const [dataDir, outside] = [join(directory, 'data'), join(directory, 'outside')]
  await Promise.all([mkdir(dataDir), mkdir(outside)])
  const postgres = programs === null ? null : await startPostgres(programs)
  if (postgres === null) placeEmbedded(dataDir)
  const redis = redisUrl === null ? null : await watchRedis(redisUrl)
  const [upstream, sentry, web] = await Promise.all([startUpstream(markers), startReceiver(), startReceiver()])
  const sentryDsn = `http://public@127.0.0.1:${sentry.port}/1`
  const checkpoints = `http://127.0.0.1:${web.port}/checkpoints`
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'trace',
    OPENAI_API_KEY: 'sk-upstream',
    OPENAI_BASE_URL: upstream.url,
    OPENAI_MODELS: '*',
    SENTRY_DSN: sentryDsn,
    AUDIT_CHECKPOINTS_TO: `log,${join(outside, 'checkpoints')},${checkpoints}`,
    ...(redisUrl !== null && { REDIS_URL: redisUrl }),
    ...(postgres !== null && { DATABASE_URL: postgres.url }),
  }
  const planted = (sink: string) => markers.content(`planted in ${sink}`)
  const server = await startServer({
    ...env,
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'crash.ts'))}`,
    PLANTED: planted('output'),
  })
  const token = await server.firstKey()
  const command = (...args: string[]) => run(process.execPath, args, { env })
  // What is refused by default goes in as well, and through to the provider.
  await command('scripts/policy.ts', 'set', 'allowed_operations', '{"operations":["*"]}')
  await command('scripts/policy.ts', 'set', 'rate_limit', '{"requests":1000000,"window_seconds":1}')
  const made = await command('scripts/key.ts', 'ci@example.com', '--scope', 'policies:simulate', '--json')
  const { token: simulating }: { token: string } = JSON.parse(made.stdout)

  /** Ends the proxy while a call is under way, by an exception that quotes the call. */
  async function crash(): Promise<void> {
    const ended = new Promise(resolve => server.child.once('exit', resolve))
    await fetch(`${server.url}/v1/chat/completions?do=crash`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: markers.content('a call in which the proxy crashed') }),
    }).catch(() => {})
    await ended
  }

  /** A leak in each sink that can be written to, as a fault of the product would make one. */
  async function plant({ pool }: Database): Promise<void> {
    await fetch(`http://127.0.0.1:${sentry.port}/api/1/envelope/`, { method: 'POST', body: planted('Sentry') })
    await fetch(checkpoints, { method: 'POST', body: planted('checkpoints on the web') })
    await writeFile(join(dataDir, 'audit', 'planted'), planted('spool'))
    await writeFile(join(dataDir, 'checkpoints', 'planted'), planted('checkpoints'))
    await appendFile(join(outside, 'checkpoints'), planted('checkpoints in a file'))
    await redis?.plant(planted('Redis'))
    await pool.query('CREATE TABLE planted (text TEXT)')
    await pool.query('INSERT INTO planted VALUES ($1)', [planted('database')])
  }

  /** What the commands say that read the record, and where it is stored. */
  async function databaseSinks(): Promise<Sinks> {
    // The embedded database is served to the commands by whoever opened it first.
    const database = await connectDatabase({ databaseUrl: postgres?.url ?? null, dataDir })
    const commands = await commandSinks(env)
    await plant(database)
    const rows = await rowsIn(database)
    if (postgres !== null) await database.pool.query('CHECKPOINT')
    await database.close()
    const files = postgres?.directory ?? dataDir
    return new Map([
      ...commands,
      ['database: rows', rows],
      ['database: files', await filesIn(files, /^(?!.*\/pg_wal\/)/)],
      ['database: write-ahead log', await filesIn(files, /\/pg_wal\//)],
    ])
  }

  return {
    url: server.url,
    token,
    simulating,
    /** What callers sent through to the provider. */
    received: upstream.received,

    /** Ends the proxy, and resolves to all that it and its calls left behind. */
    async end(): Promise<Sinks> {
      const openRoutes = await Promise.all(
        ['/health', '/ready', '/docs/json'].map(path => fetch(server.url + path).then(one => one.text())),
      )
      const spool = await filesIn(join(dataDir, 'audit'))
      await crash()
      const stored = await databaseSinks()
      return new Map([
        ['open routes', Buffer.from(openRoutes.join('\n'))],
        ['output', Buffer.from(server.text())],
        ['Sentry', sentry.posts()],
        ['spool', Buffer.concat([spool, await filesIn(join(dataDir, 'audit'))])],
        ['checkpoints', await filesIn(join(dataDir, 'checkpoints'))],
        ['checkpoints in a file', await filesIn(outside)],
        ['checkpoints on the web', web.posts()],
        ...(redis === null ? [] : [['Redis: commands', redis.commands()] as const]),
        ...(redis === null ? [] : [['Redis: memory', await redis.memory()] as const]),
        ...stored,
      ])
    },

    async stop(): Promise<void> {
      await server.end('SIGKILL')
      for (const part of [upstream, sentry, web, redis]) await part?.stop()
      await postgres?.remove()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

import type { Logger } from 'pino'
import { startDemoProvider } from '../providers/demo/index.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import { buildApp } from './app.ts'
import { approvalsMissing, makeFirstKey, welcome } from './bootstrap.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { connectDatabase } from './database/client.ts'
import { MigrationError, migrate, pendingMigrations } from './database/migrate.ts'
import { mayRewriteRecords } from './database/privileges.ts'
import { keepTicksFast } from './fast-ticks.ts'
import { warmUp } from './inspection/warm-up.ts'
import { createKeyStore } from './keys/store.ts'
import { createLog } from './log.ts'
import { createPolicyStore } from './policy/store.ts'
import { createSentry, type Report } from './sentry.ts'

type Releases = (() => Promise<void>)[]

/** Opens what the proxy needs, in order, noting how each is released, and resolves once calls are answered. */
async function start(config: Config, releases: Releases, log: Logger, report: Report): Promise<void> {
  // Beside the database's start, which waits most of the time.
  const warm = warmUp(config.warmUpMs)
  const database = await connectDatabase(config)
  releases.push(database.close)
  await bringUpToDate(database.url, config, log)
  if (config.production && config.databaseUrl !== null && (await mayRewriteRecords(database.pool)))
    log.warn('The database role could change the record: give the proxy one of its own, see docs/AUDIT.md#roles')

  const keys = createKeyStore(database.prisma)
  const policies = createPolicyStore(database.prisma)
  await policies.seed()

  const providers = await chooseProviders(config, releases, log)
  const app = await buildApp({ config, database, providers, log, report })
  releases.push(() => app.close())
  await warm
  const address = await app.listen({ host: config.host, port: config.port })

  if (config.production) return
  const token = await makeFirstKey({ keys, policies, providers })
  process.stdout.write(
    token === null ? await approvalsMissing({ keys, policies, providers }) : welcome(address, token, providers),
  )
}

async function bringUpToDate(url: string, { migrateOnStart }: Config, log: Logger): Promise<void> {
  if (migrateOnStart) {
    const applied = await migrate(url)
    if (applied.length > 0) log.info({ migrations: applied }, 'The database was migrated')
    return
  }
  const pending = await pendingMigrations(url)
  if (pending.length > 0) {
    throw new MigrationError(
      `The database is behind by ${pending.join(', ')}. Run "npm run migrate", then start again.`,
    )
  }
}

/** The configured providers. Without any, and never in production, a local one that answers without an account. */
async function chooseProviders(
  { providers, production }: Config,
  releases: Releases,
  log: Logger,
): Promise<readonly ConfiguredProvider[]> {
  if (providers.length > 0) return providers
  if (production) {
    log.warn('No provider is configured: every call will be refused. Set OPENAI_API_KEY, for one.')
    return []
  }
  const { provider, stop } = await startDemoProvider()
  releases.push(stop)
  log.info(
    'No provider is configured: the local demo provider answers. Set OPENAI_API_KEY, for one, to use a real one.',
  )
  return [provider]
}

function readSettings(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

keepTicksFast()
const config = readSettings()
const log = createLog(config.logLevel)
const releases: Releases = []
let stopping = false

/** Answers no new call, lets running ones end until the deadline, writes what is queued, and ends the process. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return
  stopping = true
  setTimeout(() => {
    log.error('Shutdown took too long')
    process.exit(1)
  }, config.shutdownTimeoutMs + 10_000).unref()
  for (const release of releases.toReversed()) {
    await release().catch((error: unknown) => log.error({ err: error }, 'A part did not stop cleanly'))
  }
  process.exit(exitCode)
}

const sentry = config.sentryDsn === null ? null : await createSentry(config.sentryDsn)
if (sentry !== null) {
  await sentry.start()
  releases.push(sentry.stop)
}
const report: Report = sentry?.report ?? (() => {})

function crash(error: unknown): void {
  log.fatal({ err: error }, 'The process cannot go on')
  if (error instanceof Error) report(error, null)
  void stop(1)
}
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    log.info({ signal }, 'Stopping')
    void stop(0)
  })
}

try {
  await start(config, releases, log, report)
} catch (error) {
  if (error instanceof MigrationError) process.stderr.write(`${error.message}\n`)
  else crash(error)
  await stop(1)
}

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Migration, migrationsDir, readMigrations } from './migrations.ts'
import { openSchemaEngine } from './schema-engine.ts'

/** Any number that nothing else in the database uses; Prisma's own engine uses 72707369. */
const advisoryLock = 4_213_770_021
const lockPollMs = 100
const lockWaitMs = 600_000
/** On the embedded database all clients share one session, which keeps the lock of a client that died. */
const sharedSessionWaitMs = 30_000

type Options = { dir?: string }

/** The database and the migrations disagree in a way that a person has to settle. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/**
 * Brings the database at `url` up to the migrations, as `prisma migrate deploy` does, and returns the names applied.
 * Instances that start at once wait for each other. Throws `MigrationError`.
 */
export async function migrate(url: string, { dir = migrationsDir }: Options = {}): Promise<string[]> {
  const migrations = await readMigrations(dir)
  return withClient(url, async client => {
    if ((await unapplied(client, migrations)).length === 0) return []
    await lock(client)
    try {
      if ((await unapplied(client, migrations)).length === 0) return []
      return await apply(url, dir, migrations)
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock])
    }
  })
}

/** Names of the migrations that the database at `url` lacks. Throws `MigrationError`. */
export async function pendingMigrations(url: string, { dir = migrationsDir }: Options = {}): Promise<string[]> {
  const migrations = await readMigrations(dir)
  return withClient(url, client => unapplied(client, migrations))
}

/** Records that a failed migration left nothing behind, so that it can be applied again. */
export async function markRolledBack(url: string, name: string): Promise<void> {
  const engine = await openSchemaEngine(url)
  try {
    await engine.instance.markMigrationRolledBack({ migrationName: name })
  } finally {
    await engine.close()
  }
}

async function apply(url: string, dir: string, migrations: Migration[]) {
  const engine = await openSchemaEngine(url)
  try {
    const { appliedMigrationNames } = await engine.instance.applyMigrations({
      migrationsList: {
        baseDir: dir,
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, script }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (error) {
    const cause = engine.failure() ?? error
    const said = cause instanceof Error ? cause.message : 'the engine gave no reason'
    const name = (await withClient(url, failedMigration)) ?? 'unknown'
    throw new MigrationError(`Migration ${name} failed and was rolled back: ${said}`, { cause })
  } finally {
    await engine.close()
  }
}

type Applied = { migration_name: string; checksum: string }

/** A look at `_prisma_migrations`, much cheaper than loading the engine. */
async function unapplied(client: pg.Client, migrations: Migration[]) {
  const exists = await client.query<{ found: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`)
  if (!exists.rows[0]?.found) return migrations.map(({ name }) => name)

  const failed = await failedMigration(client)
  if (failed !== null) {
    throw new MigrationError(
      `Migration ${failed} failed before it finished, and nothing more is applied until that is settled. ` +
        `Its changes were rolled back. Once the cause is removed: npm run migrate -- --rolled-back ${failed}`,
    )
  }
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const checksums = new Map(rows.map(row => [row.migration_name, row.checksum]))
  const changed = migrations.find(({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum)
  if (changed !== undefined) {
    throw new MigrationError(
      `Migration ${changed.name} was changed after it was applied. Restore the file and put the change into a new migration.`,
    )
  }
  return migrations.filter(({ name }) => !checksums.has(name)).map(({ name }) => name)
}

async function failedMigration(client: pg.Client) {
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  )
  return rows[0]?.migration_name ?? null
}

/** Takes the lock without queueing inside PostgreSQL, and never twice in one session. */
async function lock(client: pg.Client) {
  const since = performance.now()
  for (;;) {
    const { rows } = await client.query<{ own: boolean; taken: boolean }>(
      `SELECT own, CASE WHEN own THEN false ELSE pg_try_advisory_lock($1) END AS taken
         FROM (SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
           AND classid = ($1::bigint >> 32)::oid AND objid = ($1::bigint & 4294967295)::oid) AS own) AS held`,
      [advisoryLock],
    )
    const waited = performance.now() - since
    if (rows[0]?.taken || (rows[0]?.own && waited > sharedSessionWaitMs)) return
    if (waited > lockWaitMs) throw new MigrationError('Another instance has been migrating for ten minutes.')
    await sleep(lockPollMs)
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A connection that breaks also fails the query that waits on it.
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

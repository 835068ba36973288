import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedDatabase, serveInWorker } from '../../src/database/embedded.ts'
import { markRolledBack, migrate, pendingMigrations } from '../../src/database/migrate.ts'
import { migrationsDir, readMigrations } from '../../src/database/migrations.ts'
import { openSchemaEngine } from '../../src/database/schema-engine.ts'
import { realDatabase } from '../fakes/database.ts'
import { postgresUrl as server } from '../fakes/servers.ts'

let dir: string
let names: string[]
let blankDir: string

/** Copies of one empty data directory, as making one takes seconds. */
const openEmbedded = () => serveInWorker({ dataDir: null, socketDir: null, snapshot: `${blankDir}/blank.tar` })

beforeAll(async () => {
  blankDir = await mkdtemp(`${tmpdir()}/governance-blank-`)
  const db = await PGlite.create()
  const archive = await db.dumpDataDir('none')
  await writeFile(`${blankDir}/blank.tar`, new Uint8Array(await archive.arrayBuffer()))
  await db.close()
  names = (await readMigrations()).map(({ name }) => name)
})
afterAll(() => rm(blankDir, { recursive: true, force: true }))
beforeEach(async () => {
  dir = await mkdtemp(`${tmpdir()}/governance-migrations-`)
  await cp(migrationsDir, dir, { recursive: true })
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function addMigration(name: string, script: string) {
  await mkdir(`${dir}/${name}`, { recursive: true })
  await writeFile(`${dir}/${name}/migration.sql`, script)
}

async function rowsOf(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** What Prisma's engine would write to bring the database to schema.prisma. */
async function drift(url: string) {
  const { instance, schema, close } = await openSchemaEngine(url)
  const { stdout, exitCode } = await instance.diff({
    from: { tag: 'schemaDatasource', files: [schema], configDir: '' },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  })
  await close()
  return { stdout, exitCode }
}

const open = server === null ? openEmbedded : () => realDatabase(server ?? '')

describe(server === null ? 'embedded' : 'PostgreSQL', () => {
  let database: EmbeddedDatabase

  beforeEach(async () => {
    database = await open()
  })
  afterEach(() => database.stop())

  test('instances that start at once apply each migration once, and in order', async () => {
    const { url } = database
    expect(await pendingMigrations(url)).toEqual(names)
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(applied.flat()).toEqual(names)
    expect(await pendingMigrations(url)).toEqual([])
    expect(await migrate(url)).toEqual([])
  })

  test('the migrations lead to schema.prisma', async () => {
    await migrate(database.url)
    expect(await drift(database.url)).toEqual({ stdout: '-- This is an empty migration.\n', exitCode: 0 })
    await rowsOf(database.url, 'ALTER TABLE customer DROP COLUMN name')
    expect(await drift(database.url)).toMatchObject({ stdout: expect.stringContaining('"name"'), exitCode: 2 })
  })

  test('the record of migrations is one that the Prisma CLI carries on from', async () => {
    await migrate(database.url)
    const { instance, close } = await openSchemaEngine(database.url)
    const migrationDirectories = (await readMigrations()).map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
    }))
    const diagnosis = await instance.diagnoseMigrationHistory({
      migrationsList: {
        baseDir: migrationsDir,
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
        shadowDbInitScript: '',
        migrationDirectories,
      },
      optInToShadowDatabase: false,
      filters: { externalTables: [], externalEnums: [] },
    })
    await close()
    expect(diagnosis).toMatchObject({
      history: null,
      hasMigrationsTable: true,
      failedMigrationNames: [],
      editedMigrationNames: [],
    })
  })

  test('a migration that fails leaves nothing, says why, and stops the next until it is settled', async () => {
    const { url } = database
    await addMigration('20990101000000_broken', 'CREATE TABLE half (i int); SELECT 1 / 0;')
    await expect(migrate(url, { dir })).rejects.toThrow(
      '20990101000000_broken failed and was rolled back: division by zero',
    )
    expect(await rowsOf(url, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
    await expect(migrate(url, { dir })).rejects.toThrow('npm run migrate -- --rolled-back 20990101000000_broken')
    await expect(pendingMigrations(url, { dir })).rejects.toThrow('20990101000000_broken')

    await markRolledBack(url, '20990101000000_broken')
    await addMigration('20990101000000_broken', 'CREATE TABLE half (i int);')
    expect(await migrate(url, { dir })).toEqual(['20990101000000_broken'])
  })

  test('a migration that was changed after it was applied is refused', async () => {
    await migrate(database.url, { dir })
    await addMigration(names[0] ?? '', 'SELECT 1;')
    await expect(migrate(database.url, { dir })).rejects.toThrow(`${names[0]} was changed after it was applied`)
  })
})

describe('two versions of the proxy on one database', () => {
  let database: EmbeddedDatabase
  beforeAll(async () => {
    database = await openEmbedded()
  })
  afterAll(() => database.stop())

  test('the older one starts on the database that the newer one migrated', async () => {
    await addMigration('20990101000000_newer', 'CREATE TABLE newer (i int);')
    await migrate(database.url, { dir })
    expect(await migrate(database.url)).toEqual([])
  })
})

import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/database/migrate.ts'
import { readMigrations } from '../src/database/migrations.ts'
import { serveWire } from '../src/database/wire-server.ts'
import { postgresUrl } from './fakes/servers.ts'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const cacheDir = `${modules}/.cache/governance-test`

/** A migrated, empty embedded database: as an archive, and as the directory of which that was made. */
type Snapshot = { archive: string; directory: string }

declare module 'vitest' {
  export interface ProvidedContext {
    snapshot: Snapshot
    /** Name of a migrated database on the run's PostgreSQL, which others are made from. */
    template: string | null
  }
}

export default async function setup(project: TestProject) {
  project.provide('snapshot', await makeSnapshot())
  const made = postgresUrl === null ? null : await makeTemplate(postgresUrl)
  project.provide('template', made?.template ?? null)
  return made?.remove
}

async function makeTemplate(server: string) {
  const template = `governance_test_${randomUUID().slice(0, 8)}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${template}`)
  await migrate(databaseUrl(server, template))
  return {
    template,
    /** Also what a test that crashed left behind. */
    async remove() {
      const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [template])
      for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
      await admin.end()
    },
  }
}

/** Kept from run to run: making one takes longer than most tests. */
async function makeSnapshot(): Promise<Snapshot> {
  const pglite = await readFile(`${modules}/@electric-sql/pglite/package.json`, 'utf8')
  const hash = createHash('sha256').update(JSON.stringify([pglite, await readMigrations()]))
  const folder = `${cacheDir}/migrated-${hash.digest('hex').slice(0, 16)}`
  const [archive, directory] = ['postgres.tar', 'postgres']
  if (!existsSync(folder)) {
    // Runs may overlap, and none may read half a snapshot.
    const draft = `${folder}.${randomUUID()}`
    await mkdir(draft, { recursive: true })
    const db = await PGlite.create({ dataDir: `${draft}/${directory}` })
    const server = await serveWire(db, { address: { host: '127.0.0.1', port: 0 }, password: null, onBroken() {} })
    await migrate(`postgres://postgres@127.0.0.1:${server.port}/postgres`)
    await server.stop()
    const dump = await db.dumpDataDir('none')
    await db.close()
    await writeFile(`${draft}/${archive}`, new Uint8Array(await dump.arrayBuffer()))
    await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  }
  return { archive: `${folder}/${archive}`, directory: `${folder}/${directory}` }
}

export function databaseUrl(server: string, name: string) {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

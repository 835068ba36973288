import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/database/migrate.ts'
import { readMigrations } from '../src/database/migrations.ts'
import { serveWire } from '../src/database/wire-server.ts'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const cacheDir = `${modules}/.cache/governance-test`

/** What a test database is made from: a migrated template on a real server, or a migrated data directory. */
export type TestSource = { server: string; template: string } | { snapshot: string }

declare module 'vitest' {
  export interface ProvidedContext {
    testSource: TestSource
  }
}

export default async function setup(project: TestProject) {
  const server = process.env.TEST_DATABASE_URL
  const { source, remove } = server ? await makeTemplate(server) : await makeSnapshot()
  project.provide('testSource', source)
  return remove
}

async function makeTemplate(server: string) {
  const template = `governance_test_${randomUUID().slice(0, 8)}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${template}`)
  await migrate(databaseUrl(server, template))
  return {
    source: { server, template },
    /** Also what a test that crashed left behind. */
    async remove() {
      const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [template])
      for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
      await admin.end()
    },
  }
}

/** Kept from run to run: making one takes longer than most tests. */
async function makeSnapshot() {
  const pglite = await readFile(`${modules}/@electric-sql/pglite/package.json`, 'utf8')
  const hash = createHash('sha256').update(JSON.stringify([pglite, await readMigrations()]))
  const snapshot = `${cacheDir}/migrated-${hash.digest('hex').slice(0, 16)}.tar`
  if (!existsSync(snapshot)) {
    const db = await PGlite.create()
    const server = await serveWire(db, { address: { host: '127.0.0.1', port: 0 }, password: null, onBroken() {} })
    await migrate(`postgres://postgres@127.0.0.1:${server.port}/postgres`)
    await server.stop()
    const archive = await db.dumpDataDir('none')
    await db.close()
    await mkdir(cacheDir, { recursive: true })
    // Runs may overlap, and none may read half an archive.
    const draft = `${snapshot}.${randomUUID()}`
    await writeFile(draft, new Uint8Array(await archive.arrayBuffer()))
    await rename(draft, snapshot)
  }
  return { source: { snapshot }, remove: async () => {} }
}

export function databaseUrl(server: string, name: string) {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../../src/database/client.ts'
import { serveInWorker } from '../../src/database/embedded.ts'
import { databaseUrl } from '../global-setup.ts'
import { postgresUrl } from './servers.ts'

/** A migrated, empty database of its own: on the run's PostgreSQL, or an embedded one in memory. */
export async function testDatabase() {
  const { url, stop } = await makeDatabase()
  const { prisma, pool, close } = openDatabase(url)
  return {
    url,
    prisma,
    pool,
    async close() {
      await close()
      await stop()
    },
  }
}

/** A database of its own on a real server, empty unless made from a template. */
export async function realDatabase(server: string, template = 'template1') {
  const name = template === 'template1' ? `governance_test_${randomUUID()}` : `${template}_${randomUUID()}`
  const quoted = pg.escapeIdentifier(name)
  await run(server, `CREATE DATABASE ${quoted} TEMPLATE ${template}`)
  return {
    url: databaseUrl(server, name),
    stop: () => run(server, `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`),
  }
}

async function makeDatabase() {
  const template = inject('template')
  return postgresUrl === null || template === null
    ? serveInWorker({ dataDir: null, socketDir: null, snapshot: inject('snapshot').archive })
    : realDatabase(postgresUrl, template)
}

async function run(server: string, statement: string) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

// Whoever owns the database decides what it shows to whom, and how it writes it. What verify reads has to be what query
// and export show, or there has to be an error.
import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEntries } from '../../src/audit/entries/read.ts'
import { recordText } from '../../src/audit/entries/record.ts'
import { checkTypes } from '../../src/audit/entries/types.ts'
import { rowPages } from '../../src/audit/export/rows.ts'
import { findDecisions } from '../../src/audit/query.ts'
import { atOneMoment } from '../../src/audit/snapshot.ts'
import { type Database, openDatabase } from '../../src/database/client.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import { testDatabase } from '../fakes/database.ts'
import { runScript } from '../fakes/process.ts'
import { postgresUrl as server } from '../fakes/servers.ts'
import { callRecord, createLoggedLog, trusted } from './logged.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase()
  const log = await createLoggedLog(database.pool)
  const figures = { latency_ms: 0.1 + 0.2, cost_usd: 0.000000001 }
  await log.appendCalls([callRecord(uuidv7()), callRecord(uuidv7(), { meta: { b: 1 } }, figures)])
  await log.sign()
})
afterAll(() => database.close())

async function judge(pool: Database['pool']) {
  const { ok } = await atOneMoment(pool, log => verify(readEntries(log), { keys: [trusted], now: Date.now() }))
  return ok
}

async function exported(pool: Database['pool']) {
  const pages = rowPages(pool, { since: new Date(0), until: new Date() })
  return Array.fromAsync(pages)
}

describe.skipIf(server === null)('settings of the database', () => {
  const settings = {
    bytea_output: 'escape',
    DateStyle: 'German',
    IntervalStyle: 'iso_8601',
    TimeZone: 'Asia/Kathmandu',
    extra_float_digits: '-15',
  }
  const name = () => `"${new URL(database.url).pathname.slice(1)}"`
  afterAll(() => database.pool.query(`ALTER DATABASE ${name()} RESET ALL`))

  test('change nothing of what is read', async () => {
    const before = {
      rows: (await findDecisions(database.pool, {}, { limit: 9 })).rows,
      pages: await exported(database.pool),
    }
    for (const [setting, value] of Object.entries(settings))
      await database.pool.query(`ALTER DATABASE ${name()} SET ${setting} = '${value}'`)
    const { pool, close } = openDatabase(database.url)
    expect(await judge(pool)).toBe(true)
    const after = { rows: (await findDecisions(pool, {}, { limit: 9 })).rows, pages: await exported(pool) }
    expect(after).toEqual(before)
    await close()
  })
})

describe.skipIf(server === null)('a policy that hides rows', () => {
  const role = `reader_${randomUUID().slice(0, 8)}`
  afterAll(async () => {
    await database.pool.query(
      'DROP POLICY IF EXISTS hidden ON audit_leaf; ALTER TABLE audit_leaf DISABLE ROW LEVEL SECURITY',
    )
    await database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  })

  test('is an error for whom it hides them from', async () => {
    await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
    await database.pool.query(
      `GRANT SELECT ON usage_log, audit_leaf, audit_checkpoint, audit_key, audit_pruning TO ${role}`,
    )
    const url = Object.assign(new URL(database.url), { username: role, password: 'secret' }).href
    const { pool, close } = openDatabase(url)
    expect(await judge(pool)).toBe(true)
    await database.pool.query(
      'CREATE POLICY hidden ON audit_leaf USING (false); ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY',
    )
    await expect(judge(pool)).rejects.toThrow('row-level security')
    await close()
  })
})

describe('a table that is not as it was made', () => {
  const audit = (...args: string[]) =>
    runScript('audit', args, { DATABASE_URL: database.url, MIGRATE_ON_START: 'false' })

  test('a truth is one or the other, and any other text is no record of ours', () => {
    const textOf = (allowed: string) => recordText('usage_log', ['0', '', allowed])
    expect(['t', 'f', 'true', ''].map(textOf)).toEqual(
      ['true', 'false', '"true"', '""'].map(value => `{"decision":{"allowed":${value}},"outcome":{}}`),
    )
  })

  test('is as it was made, at first', () => checkTypes(database.pool))

  // What is hashed is a text that says false, and what is shown is another that says true; or a text that holds a
  // member more.
  test.each([
    ['usage_log', 'customer_id', 'text', 'uuid'],
    ['usage_log', 'risk_score', 'text', 'integer'],
    ['usage_log', 'contributions', 'jsonb', 'json'],
    ['audit_leaf', 'hashes', 'text', 'bytea'],
    ['audit_pruning', 'created_at', 'timestamp', 'timestamptz'],
  ])('%s, by the type of %s', async (table, column, type, before) => {
    const to = (other: string, using: string) =>
      database.pool.query(`ALTER TABLE ${table} ALTER ${column} TYPE ${other} USING ${using}`)
    const bytes = type === 'text' && before === 'bytea'
    await to(type, bytes ? `encode(${column}, 'hex')` : `${column}::${type}`)
    for (const command of [
      ['verify', '--public-key', trusted.text],
      ['query'],
      ['export'],
      ['export', '--format', 'csv'],
    ]) {
      expect(await audit(...command)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`The type of ${table}.${column} is ${type}`),
      })
    }
    await to(before, bytes ? `decode(${column}, 'hex')` : `${column}::${before}`)
    await checkTypes(database.pool)
  })

  test('as a type of the same name', async () => {
    await database.pool.query('CREATE SCHEMA own; CREATE DOMAIN own.text AS pg_catalog.text')
    await database.pool.query('ALTER TABLE usage_log ALTER reason TYPE own.text')
    await expect(checkTypes(database.pool)).rejects.toThrow("of somebody's own")
    await database.pool.query('ALTER TABLE usage_log ALTER reason TYPE pg_catalog.text; DROP SCHEMA own CASCADE')
  })

  test('as a view', async () => {
    await database.pool.query(
      'ALTER TABLE audit_key RENAME TO real_key; CREATE VIEW audit_key AS SELECT * FROM real_key',
    )
    await expect(checkTypes(database.pool)).rejects.toThrow('audit_key is no table')
    await database.pool.query('DROP VIEW audit_key; ALTER TABLE real_key RENAME TO audit_key')
  })
})

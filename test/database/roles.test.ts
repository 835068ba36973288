// What roles of the database may do, on a real server: the embedded database has one role for everything.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRetention } from '../../src/audit/retention.ts'
import { watchChanges } from '../../src/database/changes.ts'
import { type Database, openDatabase } from '../../src/database/client.ts'
import { migrate, pendingMigrations } from '../../src/database/migrate.ts'
import { migrationsDir, readMigrations } from '../../src/database/migrations.ts'
import { createKeyStore } from '../../src/keys/store.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { callRecord, createLoggedLog, trusted } from '../audit/logged.ts'
import { makeOwner, makeRecord, storeRecords } from '../audit/records.ts'
import { realDatabase } from '../fakes/database.ts'
import { runScript, startServer } from '../fakes/process.ts'
import { postgresUrl as server } from '../fakes/servers.ts'

const hasPsql = spawnSync('psql', ['--version']).status === 0
const denied = 'permission denied'
const silent = { error() {}, warn() {}, info() {}, debug() {} }
const old = { olderThan: new Date(1), batch: 10, record: async () => {} }

/** Roles of the server that belong to this run, and what a superuser does. */
async function openServer(url: string) {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const made: string[] = []
  return {
    admin,
    /** A login role. Its name begins with a word that says what it is for. */
    async login(word: string, options: string): Promise<string> {
      const name = `${word}_${randomUUID().slice(0, 8)}`
      await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${options}`)
      made.push(name)
      return name
    },
    async close(...others: string[]) {
      for (const name of [...made, ...others]) await admin.query(`DROP ROLE IF EXISTS ${name}`)
      await admin.end()
    },
  }
}

function as(role: string, url: string): string {
  const own = new URL(url)
  own.username = role
  own.password = 'secret'
  return own.href
}

/** A database that a role owns, empty. */
async function databaseOf(owner: string, admin: pg.Client, url: string) {
  const { url: made, stop } = await realDatabase(url)
  await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(new URL(made).pathname.slice(1))} OWNER TO ${owner}`)
  return { url: as(owner, made), stop }
}

describe.skipIf(server === null)('on a server', () => {
  const url = server ?? ''
  let roles: Awaited<ReturnType<typeof openServer>>
  beforeAll(async () => {
    roles = await openServer(url)
  })
  afterAll(() => roles.close())

  describe('an installation with roles', () => {
    let owned: Awaited<ReturnType<typeof databaseOf>>
    let owner: Database
    let proxy: Database
    let retention: Database

    beforeAll(async () => {
      const ownerName = await roles.login('owner', 'CREATEROLE')
      owned = await databaseOf(ownerName, roles.admin, url)
      await migrate(owned.url)
      owner = openDatabase(owned.url)
      proxy = openDatabase(as(await roles.login('proxy', 'IN ROLE governance_proxy'), owned.url))
      retention = openDatabase(as(await roles.login('retention', 'IN ROLE governance_retention'), owned.url))
    })
    afterAll(async () => {
      for (const database of [owner, proxy, retention]) await database.close()
      await owned.stop()
    })

    test('the proxy makes keys, uses and revokes them, and hears of it', async () => {
      const heard: unknown[] = []
      const changes = watchChanges(proxy.url, { onChange: change => heard.push(change), onGap() {}, log: silent })
      await changes.start()
      const keys = createKeyStore(proxy.prisma)
      const { id } = await keys.create({ email: 'alice@example.com', scopes: ['policies:simulate'] })
      await keys.touch(new Map([[id, new Date()]]))
      expect(await keys.revoke(id)).toBe(true)
      expect(await keys.list()).toMatchObject([{ id, isActive: false, lastUsedAt: expect.any(Date) }])
      await expect.poll(() => heard).toContainEqual({ table: 'api_key', id })
      await changes.stop()
    })

    test('the proxy changes policies, and keeps what they were', async () => {
      const policies = createPolicyStore(proxy.prisma)
      const { customerId } = await createKeyStore(proxy.prisma).create({ email: 'bob@example.com' })
      await policies.seed()
      await policies.set('rate_limit', { requests: 500 }, null)
      await policies.set('rate_limit', { requests: 600 }, customerId)
      await policies.set('rate_limit', { requests: 700 }, customerId)
      await policies.unset('rate_limit', customerId)
      await policies.rollback(customerId, 1)
      expect((await policies.history(customerId)).map(({ number }) => number)).toEqual([4, 3, 2, 1, 0])
    })

    test('the proxy sees that no migration is missing', async () => {
      expect(await pendingMigrations(proxy.url)).toEqual([])
    })

    test.each([
      'UPDATE usage_log SET allowed = true',
      'DELETE FROM usage_log',
      'TRUNCATE usage_log',
      ...['audit_leaf', 'audit_checkpoint', 'audit_key', 'audit_pruning'].flatMap(table => [
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]),
      "UPDATE audit_leaf SET hashes = ''",
      'INSERT INTO audit_pruning SELECT * FROM audit_pruning',
      'ALTER TABLE usage_log DISABLE TRIGGER ALL',
      "SET session_replication_role = 'replica'",
      'DROP TRIGGER usage_log_rows_are_final ON usage_log',
      'SET ROLE governance_retention',
      'SELECT grant_governance_roles()',
      "UPDATE api_key SET api_key_hash = 'x'",
      'UPDATE api_key SET scopes = ARRAY[]::text[]',
      "UPDATE customer SET email = 'x'",
      'DELETE FROM api_key',
      'DELETE FROM policy',
      'DELETE FROM policy_version',
      'UPDATE _prisma_migrations SET checksum = checksum',
      'CREATE TABLE mine (i int)',
    ])('the proxy is refused: %s', async statement => {
      const client = await proxy.pool.connect()
      try {
        await client.query("BEGIN; SET LOCAL governance.retention = 'on'")
        await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/)
      } finally {
        await client.query('ROLLBACK')
        client.release()
      }
    })

    test('tables of later migrations can be read and added to, and no more', async () => {
      await owner.pool.query('CREATE TABLE later (i int); INSERT INTO later VALUES (1)')
      await proxy.pool.query('INSERT INTO later SELECT i + 1 FROM later')
      await expect(proxy.pool.query('DELETE FROM later')).rejects.toThrow(denied)
    })

    test('retention deletes records in a retention transaction only, and nothing else', async () => {
      await storeRecords(proxy.pool, [makeRecord(await makeOwner(owner.prisma), { created_at: new Date(0) })])
      await expect(createRetention(proxy.pool, []).prune(old)).rejects.toThrow(denied)
      await expect(retention.pool.query('DELETE FROM usage_log')).rejects.toThrow('append-only')
      await expect(retention.pool.query('UPDATE usage_log SET allowed = true')).rejects.toThrow(denied)
      await expect(retention.pool.query('DELETE FROM audit_leaf')).rejects.toThrow(denied)
      await retention.pool.query('INSERT INTO audit_pruning SELECT * FROM audit_pruning')
      await expect(retention.pool.query("UPDATE policy SET default_value = '{}'")).rejects.toThrow(denied)
      expect(await createRetention(retention.pool, []).prune(old)).toBe(1)
    })

    test('a role that got DELETE without being of retention is refused', async () => {
      const name = await roles.login('stray', 'IN ROLE governance_proxy')
      await storeRecords(proxy.pool, [makeRecord(await makeOwner(owner.prisma))])
      await owner.pool.query(`GRANT DELETE ON usage_log TO ${name}`)
      const stray = openDatabase(as(name, owned.url))
      const attempt = stray.pool.query("BEGIN; SET LOCAL governance.retention = 'on'; DELETE FROM usage_log; COMMIT")
      await expect(attempt).rejects.toThrow('append-only')
      await stray.close()
      await owner.pool.query(`REVOKE ALL ON usage_log FROM ${name}`)
    })

    test('an auditor who may only read the log verifies, proves and exports it', async () => {
      const log = await createLoggedLog(owner.pool)
      const id = uuidv7()
      await log.appendCalls([callRecord(id)])
      await log.sign()
      const name = await roles.login('auditor', '')
      const readable = 'usage_log, audit_leaf, audit_checkpoint, audit_key, audit_pruning'
      await owner.pool.query(`GRANT SELECT ON ${readable} TO ${name}`)
      const dataDir = await mkdtemp(`${tmpdir()}/governance-auditor-`)
      const audit = (...args: string[]) =>
        runScript('audit', args, { DATABASE_URL: as(name, owned.url), DATA_DIR: dataDir })
      expect(await audit('export')).toMatchObject({ code: 0, stdout: expect.stringContaining(id) })
      expect(await audit('prove', id)).toMatchObject({ code: 0 })
      const { stdout } = await audit('verify', '--public-key', trusted.text, '--json')
      expect(JSON.parse(stdout).logs).toContainEqual(expect.objectContaining({ size: 1, signedSize: 1 }))
      await owner.pool.query(`REVOKE ALL ON ${readable} FROM ${name}`)
      await rm(dataDir, { recursive: true, force: true })
    })

    test.skipIf(!hasPsql)('the login that prisma/login.sql makes governs calls, and changes no record', async () => {
      const name = `login_${randomUUID().slice(0, 8)}`
      const args = ['--no-psqlrc', `--dbname=${owned.url}`, '--file=prisma/login.sql']
      const make = (env: Record<string, string>) =>
        execFileSync('psql', args, { env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' })
      expect(() => make({ LOGIN: name })).toThrow('password')
      expect(() => make({ LOGIN: name, LOGIN_PASSWORD: '' })).toThrow('have to be set')
      const ownerName = new URL(owned.url).username
      expect(() => make({ LOGIN: ownerName, LOGIN_PASSWORD: 'x' })).toThrow('could change the record')
      await expect(roles.admin.query(`DROP ROLE ${name}`)).rejects.toThrow('does not exist')
      await roles.admin.query(`CREATE ROLE ${name} NOLOGIN; GRANT governance_retention TO ${name}`)
      expect(() => make({ LOGIN: name, LOGIN_PASSWORD: 'x' })).toThrow('could delete records')
      await roles.admin.query(`DROP ROLE ${name}`)
      // Somebody made the role for other things; then the password changes.
      await roles.admin.query(`CREATE ROLE ${name} NOLOGIN`)
      for (const password of ['first', 'secret']) make({ LOGIN: name, LOGIN_PASSWORD: password })
      const dataDir = await mkdtemp(`${tmpdir()}/governance-login-`)
      const env = { DATABASE_URL: as(name, owned.url), DATA_DIR: dataDir, MIGRATE_ON_START: 'false' }
      const { code, stdout } = await runScript('key', ['login@example.com'], env)
      expect(code).toBe(0)
      const started = await startServer({ ...env, NODE_ENV: 'production' })
      const answer = await fetch(`${started.url}/v1/check`, {
        method: 'POST',
        headers: { authorization: `Bearer ${/api_[\w.-]+/.exec(stdout)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4', operation: 'classify' }),
      })
      const { decision_id: id } = (await answer.json()) as { decision_id: string }
      expect(await started.end()).toBe(0)
      expect(started.text()).not.toContain('docs/AUDIT.md#roles')
      const login = openDatabase(env.DATABASE_URL)
      expect((await login.pool.query('SELECT id FROM usage_log WHERE id = $1', [id])).rows).toEqual([{ id }])
      await expect(login.pool.query('UPDATE usage_log SET allowed = true')).rejects.toThrow(denied)
      await login.close()
      await roles.admin.query(`DROP ROLE ${name}`)
      await rm(dataDir, { recursive: true, force: true })
    })

    test.each([
      ['warns of a role that could change the record', () => owner.url, true],
      ['has nothing to say of a role of governance_proxy', () => proxy.url, false],
    ])('a start in production %s', async (_what, roleUrl, warned) => {
      const started = await startServer({
        DATABASE_URL: roleUrl(),
        MIGRATE_ON_START: 'false',
        NODE_ENV: 'production',
      })
      const text = started.text()
      expect(await started.end()).toBe(0)
      expect(text.includes('docs/AUDIT.md#roles')).toBe(warned)
    })
  })

  describe('making the roles', () => {
    /** The same migrations, with roles that no other database of the server made. */
    async function withRolesOfItsOwn() {
      const dir = await mkdtemp(`${tmpdir()}/governance-migrations-`)
      await cp(migrationsDir, dir, { recursive: true })
      const ending = randomUUID().slice(0, 8)
      for (const { name } of await readMigrations(dir)) {
        const file = `${dir}/${name}/migration.sql`
        const script = await readFile(file, 'utf8')
        await writeFile(file, script.replaceAll(/governance_(proxy|retention)\b/g, `$&_${ending}`))
      }
      const names = ['proxy', 'retention'].map(word => `governance_${word}_${ending}`)
      const exist = async () => {
        const { rows } = await roles.admin.query('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [names])
        return rows.length
      }
      const close = () => rm(dir, { recursive: true, force: true })
      return { dir, names, exist, close }
    }

    test('databases that migrate at once make them once, and their role has them', async () => {
      const { dir, names, exist, close } = await withRolesOfItsOwn()
      const owner = await roles.login('owner', 'CREATEROLE')
      const databases = await Promise.all([1, 2, 3, 4].map(() => databaseOf(owner, roles.admin, url)))
      await Promise.all(databases.map(database => migrate(database.url, { dir })))
      expect(await exist()).toBe(2)
      const has = await roles.admin.query('SELECT pg_has_role($1, unnest($2::name[]), $3) AS has', [
        owner,
        names,
        'USAGE',
      ])
      expect(has.rows).toEqual([{ has: true }, { has: true }])
      for (const { stop } of databases) await stop()
      for (const name of names) await roles.admin.query(`DROP ROLE ${name}`)
      await close()
    })

    test('without CREATEROLE it goes on without them; the owner prunes, and grants to them once they are made', async () => {
      const { dir, names, exist, close } = await withRolesOfItsOwn()
      const name = await roles.login('owner', '')
      const { url: ownUrl, stop } = await databaseOf(name, roles.admin, url)
      await migrate(ownUrl, { dir })
      expect(await exist()).toBe(0)

      const owner = openDatabase(ownUrl)
      await storeRecords(owner.pool, [makeRecord(await makeOwner(owner.prisma), { created_at: new Date(0) })])
      expect(await createRetention(owner.pool, []).prune(old)).toBe(1)

      for (const role of names) await roles.admin.query(`CREATE ROLE ${role} NOLOGIN`)
      await owner.pool.query('SELECT grant_governance_roles()')
      const proxy = openDatabase(as(await roles.login('proxy', `IN ROLE ${names[0]}`), ownUrl))
      await createPolicyStore(proxy.prisma).seed()
      await expect(proxy.pool.query('DELETE FROM usage_log')).rejects.toThrow(denied)
      await proxy.pool.query('SELECT FROM audit_pruning')
      await expect(proxy.pool.query('INSERT INTO audit_pruning SELECT * FROM audit_pruning')).rejects.toThrow(denied)

      for (const database of [owner, proxy]) await database.close()
      await stop()
      for (const role of names) await roles.admin.query(`DROP ROLE ${role}`)
      await close()
    })
  })
})

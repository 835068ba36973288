// What an auditor types: npm run audit -- verify, prove, verify-proof, keys.
import { existsSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveInWorker } from '../../src/database/embedded.ts'
import { testDatabase } from '../fakes/database.ts'
import { runScript } from '../fakes/process.ts'
import { callRecord, createLoggedLog, trusted } from './logged.ts'

let directory: string
let database: Awaited<ReturnType<typeof testDatabase>>
const ids = [uuidv7(), uuidv7(), uuidv7()]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'governance-audit-'))
  database = await testDatabase()
  const log = await createLoggedLog(database.pool)
  await log.appendCalls(ids.map(id => callRecord(id)))
  await log.sign()
  const { rows } = await database.pool.query<{ note: string }>('SELECT note FROM audit_checkpoint')
  await writeFile(join(directory, 'kept'), rows.map(({ note }) => `${note}\n`).join(''))
})
afterAll(async () => {
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

const audit = (...args: string[]) =>
  runScript('audit', args, { DATABASE_URL: database.url, DATA_DIR: join(directory, 'data') })

const auditor = ['--public-key', trusted.text]

test('a log that is as it was signed is intact, in the database and in an export', async () => {
  expect(await audit('verify', ...auditor, '--checkpoints', join(directory, 'kept'))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(
      'Compared with 1 checkpoints that were kept outside.\nIntact: 3 records in 1 logs, under 1 checkpoints.',
    ),
  })
  const file = join(directory, 'export.jsonl')
  expect(await audit('export', '--out', file)).toMatchObject({ code: 0 })
  expect(await audit('verify', '--file', file, ...auditor)).toMatchObject({ code: 0 })
  const edited = (await readFile(file, 'utf8')).replace('"risk_score":0', '"risk_score":1')
  await writeFile(file, edited)
  const { code, stdout } = await audit('verify', '--file', file, ...auditor, '--json')
  expect({ code, found: JSON.parse(stdout).found.edited }).toEqual({ code: 1, found: 1 })
})

// Later checkpoints lie in DATA_DIR, and an export that ended before them was called cut off.
test('an export that ends early is intact on the host that has gone on', async () => {
  const file = join(directory, 'early.jsonl')
  const other = await testDatabase()
  const dataDir = join(directory, 'gone-on')
  const run = (...args: string[]) => runScript('audit', args, { DATABASE_URL: other.url, DATA_DIR: dataDir })
  const log = await createLoggedLog(other.pool)
  for (const at of ['2026-11-01', '2026-11-20']) {
    await log.appendCalls([callRecord(uuidv7())])
    await log.sign(new Date(at))
  }
  const { rows } = await other.pool.query<{ note: string }>('SELECT note FROM audit_checkpoint')
  await mkdir(join(dataDir, 'checkpoints'), { recursive: true })
  await writeFile(join(dataDir, 'checkpoints', log.log), rows.map(({ note }) => `${note}\n`).join(''))
  expect(await run('export', '--until', '2026-11-01', '--out', file)).toMatchObject({ code: 0 })
  const verify = ['verify', '--file', file, ...auditor, '--partial']
  expect(await run(...verify)).toMatchObject({ code: 0 })
  expect(await run(...verify, '--checkpoints', join(dataDir, 'checkpoints'))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Compared with 1 checkpoints that were kept outside. 1 are of leaves that'),
  })
  expect(await run('verify', ...auditor, '--partial')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--partial goes with --file'),
  })
  await other.close()
})

// A letter too few in the name of the place, and a log that was cut off was found intact.
test('checkpoints are asked for that are not there', async () => {
  const [empty, nowhere, blank] = ['empty-place', 'nowhere', 'blank'].map(name => join(directory, name)) as string[]
  await mkdir(empty ?? '')
  await writeFile(blank ?? '', '\n')
  for (const [place = '', fault] of [
    [nowhere, 'does not exist'],
    [empty, 'there is no checkpoint in'],
    [blank, 'there is no checkpoint in'],
  ]) {
    const places = ['--checkpoints', join(directory, 'kept'), '--checkpoints', place]
    expect(await audit('verify', ...auditor, ...places)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(fault ?? ''),
    })
  }
  expect(await audit('verify', ...auditor)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No checkpoint from outside was compared'),
  })
})

// "verify november.jsonl" judged the database, and "export november.jsonl" printed it: the file was passed over.
test('what a command does not take is a fault', async () => {
  const taking = [['query'], ['export'], ['verify'], ['keys'], ['prove', ids[0] ?? ''], ['verify-proof', 'a.proof']]
  const answers = await Promise.all(taking.map(command => audit(...command, 'november.jsonl')))
  for (const { code, stdout, stderr } of answers) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('"november.jsonl" is one argument too many: ')
  }
  expect(answers[2]?.stderr).toContain('verify takes options only.')
})

test('an export replaces a file, and neither a device nor a link', async () => {
  const [file, toFile, toDevice] = ['whole.jsonl', 'to-file', 'to-device'].map(name => join(directory, name))
  await writeFile(file ?? '', 'of before')
  await symlink(file ?? '', toFile ?? '')
  await symlink('/dev/null', toDevice ?? '')
  for (const link of [toFile, toDevice]) {
    expect(await audit('export', '--out', link ?? '')).toMatchObject({ code: 0 })
    expect((await lstat(link ?? '')).isSymbolicLink()).toBe(true)
  }
  expect(await readFile(file ?? '', 'utf8')).toContain(ids[0])
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
})

test('without the right key nothing is proved', async () => {
  await audit('keys')
  const { code, stdout } = await audit('verify')
  expect(code).toBe(1)
  expect(stdout).toContain('bad_signature')
  expect(stdout).toContain('NOT as it was signed')
})

test('a proof shows one record to whoever has the public key, and only as it was', async () => {
  const file = join(directory, 'proof')
  expect(await audit('prove', ids[1] ?? '', '--out', file)).toMatchObject({ code: 0, stderr: '' })
  const proved = await audit('verify-proof', file, ...auditor)
  expect(proved.code).toBe(0)
  expect(proved.stdout).toContain('Proved: leaf 1 of the 3')
  expect(proved.stdout).toContain(ids[1])
  expect((await lstat(file)).mode & 0o777).toBe(0o600)
  expect((await audit('verify-proof', file)).code).toBe(1)
  await writeFile(file, (await readFile(file, 'utf8')).replace('index 1', 'index 2'))
  expect((await audit('verify-proof', file, ...auditor)).code).toBe(1)
  expect(await audit('prove', uuidv7())).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no record'),
  })
  expect((await audit('prove', 'x')).code).toBe(2)
})

test('a key is made once, and after a rotation the old public key is still known', async () => {
  const first = (await audit('keys')).stdout.trim()
  expect((await audit('keys')).stdout.trim()).toBe(first)
  const [next, ...old] = (await audit('keys', '--rotate')).stdout.trim().split('\n')
  expect(old).toEqual([first])
  expect(next).not.toBe(first)
})

test('where there is no database, or no key, none is made', async () => {
  const dataDir = join(directory, 'empty')
  const there = await runScript('audit', ['verify', ...auditor], { DATABASE_URL: '', DATA_DIR: dataDir })
  expect(there).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no database') })
  const keyless = await runScript('audit', ['verify'], { DATABASE_URL: database.url, DATA_DIR: dataDir })
  expect(keyless).toMatchObject({ code: 2, stderr: expect.stringContaining('--public-key is needed') })
  expect(existsSync(dataDir)).toBe(false)
})

test('where the tables are missing it is said what makes them, and a file of before is kept', async () => {
  const empty = await serveInWorker({ dataDir: null, socketDir: null })
  const file = join(directory, 'before.jsonl')
  await writeFile(file, 'of before')
  expect(await runScript('audit', ['export', '--out', file], { DATABASE_URL: empty.url })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm run migrate'),
  })
  expect(await readFile(file, 'utf8')).toBe('of before')
  expect(await readdir(directory)).not.toContain('before.jsonl.new')
  await empty.stop()
})

test('a record that a superuser edits is named', async () => {
  await database.pool.query('ALTER TABLE usage_log DISABLE TRIGGER USER')
  await database.pool.query('UPDATE usage_log SET allowed = false WHERE id = $1', [ids[2]])
  await database.pool.query('ALTER TABLE usage_log ENABLE TRIGGER USER')
  const { code, stdout } = await audit('verify', ...auditor)
  expect(code).toBe(1)
  expect(stdout).toContain(`decision ${ids[2]}: the record is not the one that was logged`)
  // There was a proof of it all the same, which proved nothing.
  const file = join(directory, 'edited-proof')
  await writeFile(file, 'of before')
  expect(await audit('prove', ids[2] ?? '', '--out', file)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('This record cannot be proved'),
  })
  expect(await readFile(file, 'utf8')).toBe('of before')
  expect(await audit('prove', (ids[1] ?? '').toUpperCase())).toMatchObject({ code: 0 })
})

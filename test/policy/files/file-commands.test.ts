import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connection, connect } from '../../../src/database/connect.ts'
import { placeEmbedded } from '../../fakes/embedded.ts'
import { runScript } from '../../fakes/process.ts'

let folder: string
let file: string
/** Open meanwhile, as a proxy's would be: what is run attaches to it. */
let database: Connection

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'governance-policy-files-'))
  file = join(folder, 'policies.yaml')
  placeEmbedded(folder)
  database = await connect({ databaseUrl: null, dataDir: folder })
  await run('key', 'alice@example.com')
}, 120_000)
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const run = (script: string, ...args: string[]) => runScript(script, args, { DATA_DIR: folder })

const policy = (...args: string[]) => run('policy', ...args)

const text = `# Ours
everyone:
  rate_limit: {requests: 5}
  rules:
    rules:
      - id: streams
        when: call.stream
        effect: flag
customers:
  alice@example.com:
    risk_threshold: {threshold: 80}
`

describe('policies as files', { timeout: 300_000 }, () => {
  test('a file is shown, applied once it is asked for, and comes back', async () => {
    await writeFile(file, text)
    expect(await policy('validate', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('is valid') })

    const changes = `everyone
  + rules.rules.streams: {"when":"call.stream","effect":"flag"}
  ~ rate_limit.requests: 100 → 5

alice@example.com
  + risk_threshold.threshold: 80
`
    expect(await policy('diff', file)).toMatchObject({ code: 0, stdout: changes })
    expect(await policy('diff', file, '--exit-code')).toMatchObject({ code: 1 })
    expect((await policy('apply', file)).stdout).toBe(
      `${changes}\nNothing was changed. To change it: apply ${file} --yes\n`,
    )
    expect((await policy('show')).stdout).toContain('rate_limit {"requests":100,')

    const applied = await policy('apply', file, '--yes', '--author', 'ann', '--note', 'As agreed')
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nVersion \d+ for everyone\.\nVersion 1 for alice@example\.com\.\n$/),
    })
    expect((await policy('show', 'alice@example.com')).stdout).toContain('risk_threshold {"threshold":80}')
    expect((await policy('history')).stdout).toMatch(/ann .*As agreed/)
    expect(await policy('diff', file, '--exit-code')).toMatchObject({ code: 0 })
    expect(await policy('apply', file, '--yes')).toMatchObject({
      stdout: expect.stringContaining('Nothing was changed.'),
    })

    expect(await policy('export', file)).toMatchObject({ stdout: `${file} says what is in force.\n` })
    expect(await readFile(file, 'utf8')).toBe(text)
    const { stdout: exported } = await policy('export')
    const copy = join(folder, 'copy.yaml')
    await policy('export', copy)
    expect(await readFile(copy, 'utf8')).toBe(exported)
    expect(await policy('diff', copy)).toMatchObject({ stdout: `The database says what ${copy} says.\n` })
  })

  test('a change by another way is brought into the file', async () => {
    await policy('set', 'rate_limit', '{"requests":7}')
    expect(await policy('export', file)).toMatchObject({ stdout: `${file} is brought up to date.\n` })
    const now = await readFile(file, 'utf8')
    expect(now).toContain('# Ours')
    expect(now).toContain('requests: 7')
  })

  test('a customer that does not exist is named, and nothing is applied', async () => {
    const other = join(folder, 'other.yaml')
    await writeFile(other, 'everyone: {}\ncustomers: {nobody@example.com: {rate_limit: {requests: 1}}}\n')
    const { code, stderr } = await policy('apply', other, '--yes')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('nobody@example.com') })
    expect((await policy('show')).stdout).toContain('rate_limit {"requests":7,')
  })

  test('faults are named with their places', async () => {
    const bad = join(folder, 'bad.yaml')
    await writeFile(bad, 'everyone:\n  rate_limit: {requests: 0}\n')
    for (const command of ['validate', 'diff', 'apply', 'lint'])
      expect(await policy(command, bad)).toMatchObject({ code: 1, stderr: expect.stringContaining(`${bad}:2:26: `) })
  })

  test('cases are run, and what none reaches is named', async () => {
    const tests = join(folder, 'policies.test.yaml')
    await writeFile(tests, 'cases:\n  - name: quiet\n    expect: {allowed: true}\n')
    expect(await policy('test', file, '--coverage')).toMatchObject({
      code: 0,
      stdout: '1 of 1 cases passed.\n0 of 1 rules were reached.\nNo case reaches:\n  streams\n',
    })
    await writeFile(tests, 'cases:\n  - name: loud\n    facts: {stream: true}\n    expect: {allowed: false}\n')
    expect(await policy('test', file)).toMatchObject({
      code: 1,
      stdout: '0 of 1 cases passed.\n',
      stderr: `${tests}:2: loud\n  allowed: expected false, found true\n  rules that spoke: streams (flag 0)\n`,
    })
  })
})

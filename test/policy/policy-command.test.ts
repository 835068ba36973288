import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyKeys } from '../../src/contracts/decision.ts'
import { placeEmbedded } from '../fakes/embedded.ts'
import { chat, runScript, type ServerProcess, startServer } from '../fakes/process.ts'

let dataDir: string
let proxy: ServerProcess
let token: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-policy-command-'))
  placeEmbedded(dataDir)
  proxy = await startServer({ DATA_DIR: dataDir })
  token = await proxy.firstKey()
})
afterAll(async () => {
  await proxy.end()
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs a script on the database that the proxy has open. */
const run = (script: string, ...args: string[]) => runScript(script, args, { DATA_DIR: dataDir })

const policy = (...args: string[]) => run('policy', ...args)

/** Waits until a chat call of the first key gets this status: a change comes to a running proxy without a restart. */
async function chatGets(status: number) {
  await expect.poll(async () => (await chat(proxy.url, token)).status).toBe(status)
}

describe('npm run policy', { timeout: 60_000 }, () => {
  test('describes every policy in words, with its default', async () => {
    const { code, stdout } = await policy('describe')
    expect(code).toBe(0)
    for (const key of policyKeys) expect(stdout).toContain(`${key}\n`)
  })

  test.each([
    ...['describe', 'schema', 'shadow', 'experiments', 'show a', 'history a', 'explain a', 'rollback 1', 'unset a'],
    ...['set a {}', 'approve a b', 'validate a', 'lint a', 'diff a', 'apply a', 'export a', 'test a b', 'replay a'],
  ])('takes no argument more: %s', async command => {
    const { code, stdout, stderr } = await policy(...command.split(' '), 'more')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('"more" is one argument too many: ')
  })

  test('replay takes no file to judge by the sets of then', async () => {
    expect(await policy('replay', 'a', '--verify')).toMatchObject({ code: 2, stdout: '' })
  })

  test('a change for everyone reaches the running proxy, and so does taking it back', async () => {
    await chatGets(200)
    expect(await policy('set', 'allowed_models', '{"models":["none-of-these"]}')).toMatchObject({
      code: 0,
      stdout: 'allowed_models is now {"models":["none-of-these"]} for everyone (version 1).\n',
    })
    await chatGets(403)
    expect(await policy('unset', 'allowed_models')).toMatchObject({ code: 0 })
    await chatGets(200)
  })

  test('a change for one customer is shown for that customer alone', async () => {
    expect(await run('key', 'alice@example.com')).toMatchObject({ code: 0 })
    expect(await policy('set', 'rate_limit', '{"requests":7}', '--customer', 'alice@example.com')).toMatchObject({
      code: 0,
      stdout: 'rate_limit is now {"requests":7,"window_seconds":60} for alice@example.com (version 1).\n',
    })
    expect((await policy('show', 'alice@example.com')).stdout).toContain('rate_limit {"requests":7,')
    expect((await policy('show')).stdout).toContain('rate_limit {"requests":100,')
  })

  test('every change is in the history, with who made it and why, and can be taken back', async () => {
    expect(await run('key', 'bob@example.com')).toMatchObject({ code: 0 })
    const forBob = ['--customer', 'bob@example.com']
    await policy('set', 'rate_limit', '{"requests":5}', ...forBob, '--author', 'ann', '--note', 'His batch is done')
    await policy('set', 'risk_threshold', '{"threshold":80}', ...forBob)
    expect(await policy('rollback', '1', ...forBob, '--author', 'ben', '--expect', '2')).toMatchObject({
      code: 0,
      stdout: 'What was set in version 1 is set for bob@example.com (version 3).\n',
    })

    const { stdout } = await policy('history', 'bob@example.com')
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^3 {2}[\d-]{10} [\d:]{8}Z {2}ben {2}[0-9a-f]{16} {2}risk_threshold {2}"Back to version 1"$/,
      ),
      expect.stringMatching(/^2 {2}.* {2}\S+ {2}[0-9a-f]{16} {2}risk_threshold$/),
      expect.stringMatching(/^1 {2}.* {2}ann {2}[0-9a-f]{16} {2}rate_limit {2}"His batch is done"$/),
      expect.stringMatching(/^0 {2}.* {2}proxy {2}[0-9a-f]{16} {2}"Before the first change"$/),
    ])
    expect(JSON.parse((await policy('history', 'bob@example.com', '--json')).stdout)).toHaveLength(4)
    expect((await policy('show', 'bob@example.com', '--version', '2')).stdout).toBe(
      'risk_threshold {"threshold":80}\nrate_limit {"requests":5}\n',
    )
  })

  test('a change that was made from an older version is refused, with the newer one named', async () => {
    await policy('set', 'block_secrets', '{"score":90}', '--author', 'ann', '--note', 'First')
    const { code, stdout, stderr } = await policy('unset', 'block_secrets', '--expect', '0')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/not 0: made by ann at \S+ \(First\)\. Nothing is changed now\./)
    expect((await policy('show')).stdout).toContain('block_secrets {"enabled":true,"score":90,')
  })

  test.each([
    ['nothing', []],
    ['a command that does not exist', ['sett', 'rate_limit', '{}']],
    ['a policy that does not exist', ['set', 'rate_limits', '{}']],
    ['what is not JSON', ['set', 'rate_limit', 'requests=5']],
    ['an option that does not exist', ['show', '--for', 'alice@example.com']],
    ['no providers to approve', ['approve', 'alice@example.com']],
    ['a provider that does not exist', ['approve', 'alice@example.com', 'openia']],
    ['no version to go back to', ['rollback']],
    ['what is not the number of a version', ['set', 'rate_limit', '{}', '--expect', 'latest']],
    ['a note of two lines', ['set', 'rate_limit', '{}', '--note', 'one\ntwo']],
  ])('is refused with code 2 and the usage when given %s', async (_case, args) => {
    const { code, stdout, stderr } = await policy(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage:')
  })

  test.each([
    ['a document that is not valid', ['set', 'rate_limit', '{"requests":0}'], 'rate_limit.requests'],
    ['a customer that does not exist', ['show', 'nobody@example.com'], 'no customer'],
    ['a version that never was', ['rollback', '99'], 'There is no version 99.'],
  ])('fails with code 1 and says why when given %s', async (_case, args, why) => {
    const { code, stdout, stderr } = await policy(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(why)
  })
})

test('npm run seed-policies adds what is missing, and says so', async () => {
  expect(await run('seed-policies')).toMatchObject({
    code: 0,
    stdout: `0 of ${policyKeys.length} policies were added; the others were there.\n`,
  })
})

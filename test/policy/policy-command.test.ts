import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyKeys } from '../../src/contracts/decision.ts'
import { chat, type ServerProcess, startServer } from '../fakes/process.ts'

let dataDir: string
let proxy: ServerProcess
let token: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-policy-command-'))
  proxy = await startServer({ DATA_DIR: dataDir })
  token = await proxy.firstKey()
})
afterAll(async () => {
  await proxy.end()
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs a script on the database that the proxy has open. */
function run(script: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir }
  return new Promise(resolve => {
    const child = execFile(process.execPath, [`scripts/${script}.ts`, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

const policy = (...args: string[]) => run('policy', ...args)

/** Waits until a chat call of the first key gets this status: a change comes to a running proxy without a restart. */
async function chatGets(status: number) {
  await expect.poll(async () => (await chat(proxy.url, token)).status, { timeout: 5_000 }).toBe(status)
}

describe('npm run policy', { timeout: 60_000 }, () => {
  test('describes every policy in words, with its default', async () => {
    const { code, stdout } = await policy('describe')
    expect(code).toBe(0)
    for (const key of policyKeys) expect(stdout).toContain(`${key}\n`)
  })

  test('a change for everyone reaches the running proxy, and so does taking it back', async () => {
    await chatGets(200)
    expect(await policy('set', 'allowed_models', '{"models":["none-of-these"]}')).toMatchObject({
      code: 0,
      stdout: 'allowed_models is now {"models":["none-of-these"]} for everyone.\n',
    })
    await chatGets(403)
    expect(await policy('unset', 'allowed_models')).toMatchObject({ code: 0 })
    await chatGets(200)
  })

  test('a change for one customer is shown for that customer alone', async () => {
    expect(await run('key', 'alice@example.com')).toMatchObject({ code: 0 })
    expect(await policy('set', 'rate_limit', '{"requests":7}', '--customer', 'alice@example.com')).toMatchObject({
      code: 0,
      stdout: 'rate_limit is now {"requests":7,"window_seconds":60} for alice@example.com.\n',
    })
    expect((await policy('show', 'alice@example.com')).stdout).toContain('rate_limit {"requests":7,')
    expect((await policy('show')).stdout).toContain('rate_limit {"requests":100,')
  })

  test.each([
    ['nothing', []],
    ['a command that does not exist', ['sett', 'rate_limit', '{}']],
    ['a policy that does not exist', ['set', 'rate_limits', '{}']],
    ['what is not JSON', ['set', 'rate_limit', 'requests=5']],
    ['an option that does not exist', ['show', '--for', 'alice@example.com']],
    ['no providers to approve', ['approve', 'alice@example.com']],
  ])('is refused with code 2 and the usage when given %s', async (_case, args) => {
    const { code, stdout, stderr } = await policy(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage:')
  })

  test.each([
    ['a document that is not valid', ['set', 'rate_limit', '{"requests":0}'], 'rate_limit.requests'],
    ['a customer that does not exist', ['show', 'nobody@example.com'], 'no customer'],
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

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { placeEmbedded } from '../fakes/embedded.ts'
import { runScript, type ServerProcess, startServer } from '../fakes/process.ts'

const madeKey = z.object({
  token: z.string(),
  key_id: z.uuid(),
  customer_id: z.uuid(),
  expires_at: z.string().nullable(),
})

let dataDir: string
let proxy: ServerProcess

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-key-command-'))
  placeEmbedded(dataDir)
  proxy = await startServer({ DATA_DIR: dataDir })
})
afterAll(async () => {
  await proxy.end()
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs the command on the database that the proxy has open. */
const key = (...args: string[]) => runScript('key', args, { DATA_DIR: dataDir })

async function make(...args: string[]) {
  const { stdout } = await key(...args, '--json')
  return madeKey.parse(JSON.parse(stdout))
}

async function statusWith(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${proxy.url}/api/evaluate`, { method: 'POST', headers })).status
}

describe('npm run key', { timeout: 60_000 }, () => {
  test('makes a key that the running proxy takes, and revokes it there', async () => {
    const made = await make('alice@example.com')
    expect(await statusWith(made.token)).toBe(200)
    expect(await key('revoke', made.key_id)).toMatchObject({ code: 0 })
    while ((await statusWith(made.token)) === 200) await new Promise(resolve => setTimeout(resolve, 20))
    expect(await statusWith(made.token)).toBe(401)
    expect(await key('revoke', made.key_id)).toMatchObject({ code: 1, stdout: '' })
  })

  test('shows the key, what holds for it, and how it is used', async () => {
    const { code, stdout } = await key('bob@example.com', '--approve', 'groq, openai', '--expires', '2099-01-31')
    expect(code).toBe(0)
    const token = /api_[\w.-]+/.exec(stdout)?.[0] ?? ''
    expect(await statusWith(token)).toBe(200)
    for (const words of [
      '2099-01-31T00:00:00.000Z',
      'groq, openai',
      `OPENAI_API_KEY=${token}`,
      'OPENAI_BASE_URL=http://',
    ]) {
      expect(stdout).toContain(words)
    }
  })

  test('makes a key that may simulate, where that is asked for', async () => {
    const statusOf = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = '{"facts":{}}'
      return (await fetch(`${proxy.url}/api/policies/simulate`, { method: 'POST', headers, body })).status
    }
    const plain = await make('dora@example.com')
    const scoped = await make('dora@example.com', '--scope', 'policies:simulate')
    expect([await statusOf(plain.token), await statusOf(scoped.token)]).toEqual([403, 200])
  })

  test('approves providers besides those approved before', async () => {
    await make('carol@example.com', '--approve', 'groq')
    await make('carol@example.com', '--approve', 'mistral')
    const { stdout } = await runScript('policy', ['show', 'carol@example.com'], { DATA_DIR: dataDir })
    expect(stdout).toContain('"approved_providers":["groq","mistral"]')
  })

  test('lists keys without their secrets', async () => {
    const { token, key_id, expires_at } = await make('dave@example.com', '--name', 'ci', '--expires', '90d')
    expect(new Date(expires_at ?? 0).getTime()).toBeGreaterThan(Date.now() + 89 * 86_400_000)
    const { stdout } = await key('list', 'Dave@example.com')
    expect(stdout).toContain(key_id)
    const listed = await key('list', 'dave@example.com', '--json')
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id: key_id, name: 'ci', customer: { email: 'dave@example.com' } },
    ])
    for (const text of [stdout, listed.stdout]) expect(text).not.toContain(token.split('.')[1])
  })

  test.each([
    ['a scope that does not exist', ['alice@example.com', '--scope', 'everything']],
    ['nothing', []],
    ['what is not an e-mail address', ['alice']],
    ['two addresses', ['a@example.com', 'b@example.com']],
    ['an option that does not exist', ['a@example.com', '--nmae', 'ci']],
    ['a date in the past', ['a@example.com', '--expires', '2020-01-01']],
    ['a day that does not exist', ['a@example.com', '--expires', '2099-02-30']],
    ['a time without a unit', ['a@example.com', '--expires', '90']],
    ['a provider that does not exist', ['a@example.com', '--approve', 'openia']],
    ['a name of two lines', ['a@example.com', '--name', 'one\ntwo']],
    ['what is not a key id', ['revoke', 'alice@example.com']],
  ])('is refused with code 2 and the usage when given %s', async (_case, args) => {
    const { code, stdout, stderr } = await key(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage:')
  })

  test('made nothing of what was refused', async () => {
    expect(await key('list', 'a@example.com')).toMatchObject({ code: 1, stdout: '' })
  })
})

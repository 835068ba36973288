import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startUpstream } from '../fakes/upstream.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let caller: { token: string; keyId: string }
let upstream: Awaited<ReturnType<typeof startUpstream>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startUpstream()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, UPSTREAM_RESPONSE_TIMEOUT_MS: '1000', UPSTREAM_IDLE_TIMEOUT_MS: '1000' },
    policies: { rate_limit: { requests: 10_000 }, allowed_operations: { operations: ['*'] } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})
afterEach(() => upstream.cut())

const failures: [string, string | ((socket: Socket) => void), status: number, code: string, outcome: string][] = [
  ['hangs up at once', socket => socket.destroy(), 502, 'upstream_failed', 'upstream_failed'],
  ['resets the connection', socket => socket.resetAndDestroy(), 502, 'upstream_failed', 'upstream_failed'],
  ['says nothing', () => {}, 504, 'upstream_timeout', 'upstream_timeout'],
  ['does not speak HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 502, 'upstream_failed', 'upstream_failed'],
  ['sends a broken header', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n', 502, 'upstream_failed', 'upstream_failed'],
  [
    'sends headers without end',
    `HTTP/1.1 200 OK\r\nx: ${'z'.repeat(100_000)}\r\n\r\n`,
    502,
    'upstream_failed',
    'upstream_failed',
  ],
  [
    'redirects',
    'HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/secret\r\ncontent-length: 0\r\n\r\n',
    502,
    'upstream_failed',
    'upstream_failed',
  ],
]

const carriers: [string, () => RequestInit & { path: string }][] = [
  ['a judged call', () => ({ path: '/v1/chat/completions', method: 'POST', body: '{"model":"gpt-4o","messages":[]}' })],
  ['a piped call', () => ({ path: '/v1/files', method: 'GET' })],
]

async function call(init: RequestInit & { path: string }, url = proxy.url) {
  return fetch(`${url}${init.path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${caller.token}`,
      ...(init.body != null && { 'content-type': 'application/json' }),
    },
  })
}

describe.each(carriers)('%s to an upstream that', (_carrier, make) => {
  test.each(failures)('%s', async (_name, behaviour, status, code, outcome) => {
    caller = await proxy.addCustomer()
    upstream.behave(behaviour)
    const response = await call(make())
    const text = await response.text()
    expect({ status: response.status, code: JSON.parse(text).error.code }).toEqual({ status, code })
    // What was sent instead of an answer can be anything, content too. No hexadecimal digits: ids are made of them.
    expect(proxy.lines.join('')).not.toMatch(/OpenSSH|bad header|zzzz|secret/)
    // Nothing of the inside: addresses, ports, causes.
    expect(text).not.toMatch(/127\.0\.0\.1|10\.0\.0\.1|ECONN|socket|undici|UND_ERR|HPE_|secret|stack/i)
    expect(await proxy.records(1, caller.keyId)).toMatchObject([{ outcome, status, allowed: true, inputTokens: null }])
  })

  test('ends too early breaks the connection', async () => {
    caller = await proxy.addCustomer()
    upstream.behave('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"a":')
    await expect(call(make()).then(response => response.text())).rejects.toThrow()
    expect(await proxy.records(1, caller.keyId)).toMatchObject([{ outcome: 'upstream_failed', status: 200 }])
  })

  test('sends early hints first', async () => {
    caller = await proxy.addCustomer()
    upstream.behave('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    expect(await (await call(make())).text()).toBe('{}')
  })

  test('compresses though it was asked not to', async () => {
    caller = await proxy.addCustomer()
    const body = gzipSync('{"usage":{"prompt_tokens":1}}')
    upstream.behave(
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    )
    expect(await (await call(make())).json()).toEqual({ usage: { prompt_tokens: 1 } })
    expect(await proxy.records(1, caller.keyId)).toMatchObject([{ outcome: 'completed', inputTokens: null }])
  })
})

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'

test.each<[string, string | ((socket: Socket) => void), status: number, code: string]>([
  ['hangs up', `${head}content-length: 100\r\n\r\n`, 502, 'upstream_failed'],
  ['says no more', socket => socket.write(`${head}content-length: 100\r\n\r\n`), 504, 'upstream_timeout'],
  ['breaks its first chunk', `${head}transfer-encoding: chunked\r\n\r\nZZ\r\n`, 502, 'upstream_failed'],
])(
  'an upstream that %s after the head of its answer gets a judged call an error',
  async (_name, behaviour, status, code) => {
    caller = await proxy.addCustomer()
    upstream.behave(behaviour)
    const [[, judged] = []] = carriers
    const response = await call(judged?.() ?? { path: '' })
    const { error } = (await response.json()) as { error: { code: string } }
    expect({ status: response.status, code: error.code }).toEqual({ status, code })
    expect(await proxy.records(1, caller.keyId)).toMatchObject([{ outcome: code, status }])
  },
)

describe.each([
  ['nobody listens on', 'http://127.0.0.1:9/v1'],
  ['has no address', 'https://no-such-host.invalid/v1'],
])('an upstream that %s', (_name, baseUrl) => {
  test.each(carriers)('refuses %s', async (_carrier, make) => {
    const lonely = await startProxy({
      database,
      env: { OPENAI_BASE_URL: baseUrl },
      policies: { allowed_operations: { operations: ['*'] } },
    })
    caller = lonely
    const response = await call(make(), lonely.url)
    expect(response.status).toBe(502)
    expect(await response.text()).not.toMatch(/127\.0\.0\.1|no-such-host|ECONN|ENOTFOUND|EAI_AGAIN/)
    expect(await lonely.records(1, lonely.keyId)).toMatchObject([{ outcome: 'upstream_failed', status: 502 }])
    await lonely.stop()
  })
})

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { selfSigned } from '../fakes/certificate.ts'
import { testDatabase } from '../fakes/database.ts'
import { startServer } from '../fakes/process.ts'
import { startProxy, upstreamKey } from '../fakes/proxy.ts'
import { rawRequest, sendRaw } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, CORS_ORIGINS: 'https://app.example' },
    policies: { allowed_operations: { operations: ['*'] } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

const carriers: [string, string, RequestInit][] = [
  ['judged', '/v1/chat/completions', { method: 'POST', body: '{"model":"gpt-4o","messages":[]}' }],
  ['piped', '/v1/files', { method: 'GET' }],
]

describe.each(carriers)('a %s call', (_name, path, init) => {
  const send = (headers: Record<string, string> = {}) =>
    fetch(`${proxy.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${proxy.token}`, 'content-type': 'application/json', ...headers },
    })

  test("shows the provider its own credential, and nothing else of the caller's", async () => {
    await send({
      'x-api-key': proxy.token,
      cookie: 'session=1',
      'x-forwarded-for': '10.1.2.3',
      forwarded: 'for=10.1.2.3',
      'openai-organization': 'org-caller',
      'openai-project': 'proj-caller',
      'x-stainless-os': 'Linux',
      'x-governance-intent': 'spam_detection',
      origin: 'https://app.example',
      'openai-beta': 'assistants=v2',
      'idempotency-key': 'once',
    })
    const headers = upstream.requests.at(-1)?.headers
    expect(headers).toMatchObject({
      authorization: `Bearer ${upstreamKey}`,
      'accept-encoding': 'identity',
      'openai-beta': 'assistants=v2',
      'idempotency-key': 'once',
    })
    const known = [
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'idempotency-key',
      'openai-beta',
      'user-agent',
    ]
    expect(Object.keys(headers ?? {}).filter(name => !known.includes(name))).toEqual([])
    expect(JSON.stringify(headers)).not.toContain(proxy.token)
  })

  test("shows the caller nothing of the provider's account", async () => {
    upstream.respond((_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'set-cookie': 'a=b',
        'openai-organization': 'org-upstream',
        'x-ratelimit-limit-requests': '7',
        'x-request-id': 'upstream-id',
        server: 'upstream',
        via: 'upstream',
        'openai-processing-ms': '12',
        'retry-after': '3',
        'x-should-retry': 'false',
      })
      response.end('{}')
    })
    const { headers } = await send()
    for (const name of ['set-cookie', 'openai-organization', 'server', 'via']) expect(headers.has(name)).toBe(false)
    expect(headers.get('x-ratelimit-limit-requests')).toBe('100')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('x-governance-decision-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('openai-processing-ms')).toBe('12')
    expect(headers.get('retry-after')).toBe('3')
    expect(headers.get('x-should-retry')).toBe('false')
  })

  test("lets the caller's own origin read the answer, and no other", async () => {
    expect((await send({ origin: 'https://app.example' })).headers.get('access-control-allow-origin')).toBe(
      'https://app.example',
    )
    expect((await send({ origin: 'https://elsewhere.example' })).headers.has('access-control-allow-origin')).toBe(false)
  })

  test('ignores an offer to speak HTTP/2, as Java makes it', async () => {
    const body = typeof init.body === 'string' ? init.body : ''
    const answer = await sendRaw(
      proxy.url,
      rawRequest(
        `${init.method} ${path}`,
        {
          authorization: `Bearer ${proxy.token}`,
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
          ...(body !== '' && { 'content-type': 'application/json' }),
        },
        body,
      ),
    )
    expect(answer?.status).toBe(200)
  })
})

test('security headers stand on our own answers', async () => {
  const { headers } = await fetch(`${proxy.url}/health`)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

describe('an upstream whose certificate nobody vouches for', () => {
  const { key, cert } = selfSigned()
  const seen: (string | undefined)[] = []
  let server: ReturnType<typeof createTlsServer>
  let url: string

  beforeAll(async () => {
    server = createTlsServer({ key, cert }, (request, response) => {
      seen.push(request.headers.authorization)
      response.end('{"data":[]}')
    })
    server.on('upgrade', (request, socket) => {
      seen.push(request.headers.authorization)
      socket.destroy()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  })
  afterAll(() => server.close())

  test.each(carriers)('is refused a %s call before it sees the credential', async (_name, path, init) => {
    const other = await startProxy({
      database,
      env: { OPENAI_BASE_URL: url },
      policies: { allowed_operations: { operations: ['*'] } },
    })
    const response = await fetch(`${other.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${other.token}`, 'content-type': 'application/json' },
    })
    expect(response.status).toBe(502)
    expect(await response.text()).not.toMatch(/certificate|self.signed|TLS/i)
    expect(seen).toEqual([])
    await other.stop()
  })

  test('is refused a WebSocket before it sees the credential', async () => {
    const other = await startProxy({
      database,
      env: { OPENAI_BASE_URL: url },
      policies: { allowed_operations: { operations: ['*'] } },
    })
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`, {
      headers: { authorization: `Bearer ${other.token}` },
    })
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
    expect(code).toBe(1011)
    expect(String(reason)).not.toMatch(/certificate|self.signed|TLS/i)
    expect(seen).toEqual([])
    await other.stop()
  })

  test('is reached once its authority is trusted', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'governance-tls-data-'))
    const authority = join(dataDir, 'authority.pem')
    writeFileSync(authority, cert)
    const trusting = await startServer({
      DATA_DIR: dataDir,
      OPENAI_BASE_URL: url,
      OPENAI_API_KEY: upstreamKey,
      NODE_EXTRA_CA_CERTS: authority,
    })
    const response = await fetch(`${trusting.url}/v1/models`, {
      headers: { authorization: `Bearer ${await trusting.firstKey()}` },
    })
    expect(response.status).toBe(200)
    expect(seen).toEqual([`Bearer ${upstreamKey}`])
    await trusting.end()
    rmSync(dataDir, { recursive: true })
  })
})

test.each([
  ['with a content type', { 'content-type': 'application/json', 'content-length': '0' }],
  ['without one', { 'content-length': '0' }],
])('a body that may be left out is left out upstream, %s', async (_name, headers) => {
  for (const path of ['/v1/conversations', '/v1/batches/batch-1/cancel']) {
    const answer = await sendRaw(
      proxy.url,
      rawRequest(`POST ${path}`, { authorization: `Bearer ${proxy.token}`, ...headers }),
    )
    expect(answer?.status).toBe(200)
    const sent = upstream.requests.at(-1)
    expect(sent).toMatchObject({ method: 'POST', url: path, headers: { 'content-length': '0' } })
    expect(sent?.headers).not.toHaveProperty('content-type')
  }
})

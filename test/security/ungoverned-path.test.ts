// The attack: a path that reaches a provider without being judged, or without leaving a record. Every route that the
// application answers is listed here from its own router, so that a new one cannot be forgotten.
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Operation, operations } from '../../src/operations.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { rawRequest, sendRaw } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'

const control = [
  'GET /health',
  'HEAD /health',
  'GET /ready',
  'HEAD /ready',
  'GET /api/decisions/:id',
  'POST /api/evaluate',
  'POST /api/inspect',
  'POST /api/policies/simulate',
  'POST /v1/check',
]
const documentation = /^(GET|HEAD) \/docs(\/|$)/

type Caller = Awaited<ReturnType<Awaited<ReturnType<typeof startProxy>>['addCustomer']>>

/** For each way to an operation, who may not go it and who may. */
const callers = new Map<'plain' | 'slashed', { refused: Caller; allowed: Caller }>()
let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url },
    policies: { rate_limit: { requests: 100_000 } },
  })
  for (const way of ['plain', 'slashed'] as const) {
    callers.set(way, {
      refused: await proxy.addCustomer({ allowed_operations: { operations: [] } }),
      allowed: await proxy.addCustomer({ allowed_operations: { operations: ['*'] } }),
    })
  }
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

/** `METHOD /path` of every route, read from the printed tree: four characters of indentation a level. */
function routes(): string[] {
  const path: string[] = []
  return proxy.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap(line => {
      const [, indent = '', segment = '', methods] = /^([│├└─ ]*)(\S*?)(?: \((.*)\))?$/u.exec(line) ?? []
      if (segment === '') return []
      path.length = indent.length / 4 - 1
      path.push(segment)
      // The slash before a wildcard is not printed.
      const whole = path.join('').replace(/\*$/, '/*')
      return methods === undefined ? [] : methods.split(', ').map(method => `${method} ${whole}`)
    })
}

/** Makes a call as plainly as its kind allows, and resolves to the status. */
function call({ method, path, body }: Operation, token: string | null): Promise<number> {
  const filled = path.replace(':model', 'gpt-4o').replace('*', 'openai/org/gpt-4o').replace(/:\w+/g, 'id_1')
  const url = new URL(filled, proxy.url)
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  if (body === 'json' || body === 'multipart') headers['content-type'] = 'application/json'
  if (body === 'upload') headers['content-type'] = 'application/octet-stream'
  if (body === 'socket') {
    Object.assign(headers, {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    })
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    request.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject)
    request.end(body === 'none' || body === 'socket' ? undefined : '{"model":"gpt-4o"}')
  })
}

function callerOf({ path }: Operation, kind: 'refused' | 'allowed'): Caller {
  const found = callers.get(path.endsWith('*') ? 'slashed' : 'plain')?.[kind]
  if (found === undefined) throw new Error('There is no such caller')
  return found
}

/** Names of models have slashes, which some SDKs do not encode. */
const slashed = operations
  .filter(({ path }) => path.endsWith('/:model'))
  .map(operation => ({ ...operation, path: operation.path.replace(':model', '*') }))

test('every route is a governed operation or answered here', () => {
  const governed = [...operations, ...slashed].map(({ method, path }) => `${method} ${path}`)
  const answered = routes().filter(route => !documentation.test(route))
  expect(answered.toSorted()).toEqual([...governed, ...control].toSorted())
})

test('a name of a model opens no other path', async () => {
  const { token } = await proxy.addCustomer({ allowed_operations: { operations: ['*'] } })
  const headers = { authorization: `Bearer ${token}` }
  const before = upstream.requests.length
  const statusOf = async (path: string) => (await sendRaw(proxy.url, rawRequest(`GET ${path}`, headers)))?.status
  expect(await statusOf('/v1/models/../files')).toBe(400)
  expect(await statusOf('/v1/models/a/../../files')).toBe(400)
  expect(await statusOf('/v1/models/openai/%2e%2e/files')).toBe(400)
  expect(await statusOf('/v1/models/a//b')).toBe(400)
  expect(await statusOf('/v1/models/')).toBe(400)
  expect(await statusOf('/v1/modelsfoo')).toBe(404)
  expect(await statusOf('/v1/files/openai/file_1/content')).toBe(404)
  expect(upstream.requests.length).toBe(before)
})

describe.each(
  [...operations, ...slashed].map(operation => [`${operation.method} ${operation.path}`, operation] as const),
)('%s', (_, operation) => {
  test('does not reach the provider without a key', async () => {
    const before = upstream.requests.length
    expect(await call(operation, null)).toBe(401)
    expect(upstream.requests.length).toBe(before)
  })

  test('is refused and recorded where policy says so', async () => {
    const before = upstream.requests.length
    expect(await call(operation, callerOf(operation, 'refused').token)).toBe(403)
    expect(upstream.requests.length).toBe(before)
    expect(await recordOf(operation, callerOf(operation, 'refused'))).toMatchObject({
      allowed: false,
      reason: 'operation_not_allowed',
      outcome: 'policy_refused',
      status: 403,
      policyVersion: expect.any(String),
    })
  })

  test('is decided and recorded where it is allowed', async () => {
    const before = upstream.requests.length
    expect(await call(operation, callerOf(operation, 'allowed').token)).toBe(operation.body === 'socket' ? 101 : 200)
    // A socket's upstream is opened after the client's own.
    await expect.poll(() => upstream.requests.length).toBe(before + 1)
    expect(await recordOf(operation, callerOf(operation, 'allowed'))).toMatchObject({
      allowed: true,
      reason: 'ok',
      outcome: 'completed',
      provider: operation.name === 'models.list' ? null : 'openai',
      policyVersion: expect.any(String),
    })
  })
})

function recordOf({ name }: Operation, { keyId }: Caller) {
  return vi.waitUntil(() => database.prisma.usageLog.findFirst({ where: { apiKeyId: keyId, operation: name } }), {
    timeout: 5_000,
  })
}

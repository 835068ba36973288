import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '../../src/operations.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

const origin = 'https://app.example'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({ database, env: { OPENAI_BASE_URL: upstream.url, CORS_ORIGINS: origin } })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

const namesIn = (headers: Headers, name: string) => (headers.get(name) ?? '').split(', ').filter(item => item !== '')

test.each(operations.map(({ method, path }) => [method, path.replaceAll(/:\w+/g, 'id_1')]))(
  'a browser may ask for %s %s',
  async (method, path) => {
    const answer = await fetch(`${proxy.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(namesIn(answer.headers, 'access-control-allow-methods')).toContain(method)
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
  },
)

test('another origin is not allowed', async () => {
  const answer = await fetch(`${proxy.url}/health`, { headers: { origin: 'https://other.example' } })
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})

/** What scripts may read anyway (Fetch, "CORS-safelisted response-header name"), and what is none of their business. */
const others = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'connection',
  'date',
  'keep-alive',
  'transfer-encoding',
  'vary',
]

test('a script may read every header of an answer, a refusal and a limit', async () => {
  upstream.respond((_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'openai-processing-ms': '12',
      'openai-version': '2020-10-01',
      'retry-after': '1',
      'retry-after-ms': '1000',
      'x-should-retry': 'true',
    })
    response.end('{"object":"answer","data":[]}')
  })
  const caller = await proxy.addCustomer({ rate_limit: { requests: 2, window_seconds: 60 } })
  const seen = new Set<string>()
  for (const [content, status] of [
    ['Hello', 200],
    ['Write to alice@example.com', 403],
    ['Hello', 429],
  ] as const) {
    const { status: got, headers } = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json', origin },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    })
    expect(got).toBe(status)
    const exposed = namesIn(headers, 'access-control-expose-headers')
    const carried = [...headers.keys()].filter(name => !name.startsWith('access-control-') && !others.includes(name))
    for (const name of carried) {
      expect(exposed).toContain(name)
      seen.add(name)
    }
  }
  expect([...seen].toSorted()).toEqual([
    'openai-processing-ms',
    'openai-version',
    'retry-after',
    'retry-after-ms',
    'x-governance-decision-id',
    'x-governance-policy-version',
    'x-governance-reasons',
    'x-ratelimit-limit-requests',
    'x-ratelimit-remaining-requests',
    'x-ratelimit-reset-requests',
    'x-request-id',
    'x-should-retry',
  ])
})

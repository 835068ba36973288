// Answers that are odd, and whole: the caller gets them, or a clean 502, and never waits for ever.
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startUpstream } from '../fakes/upstream.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startUpstream>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let caller: { token: string; keyId: string }

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startUpstream()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, UPSTREAM_RESPONSE_TIMEOUT_MS: '5000' },
    policies: { rate_limit: { requests: 10_000 }, allowed_operations: { operations: ['*'] } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})
beforeEach(async () => {
  caller = await proxy.addCustomer()
})
afterEach(() => upstream.cut())

type Init = RequestInit & { path: string; duplex?: 'half' }

const chat: Init = { path: '/v1/chat/completions', method: 'POST', body: '{"model":"gpt-4o","messages":[]}' }
const streamedChat: Init = { ...chat, body: '{"model":"gpt-4o","messages":[],"stream":true}' }
const carriers: [string, Init][] = [
  ['a judged call', chat],
  ['a piped call', { path: '/v1/files', method: 'GET' }],
]

/** The whole answer, or null for a connection that broke. A call that is left hanging fails the test. */
async function call({ path, ...init }: Init) {
  try {
    const response = await fetch(`${proxy.url}${path}`, {
      ...init,
      signal: AbortSignal.timeout(8000),
      headers: {
        authorization: `Bearer ${caller.token}`,
        ...(init.body != null && { 'content-type': 'application/json' }),
        ...init.headers,
      },
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw error
    return null
  }
}

const record = async () => (await proxy.records(1, caller.keyId))[0]
const answer = (headers: string[], body: string | Buffer = '', status = '200 OK') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n`), Buffer.from(body)])
const json = ['content-type: application/json', 'content-length: 2']

describe.each(carriers)('%s is answered', (_carrier, init) => {
  test.each([
    ['without a body', answer(['content-length: 0'], '', '204 No Content'), 204, ''],
    ['until the connection ends', 'HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{}', 200, '{}'],
    [
      'in chunks with a trailer',
      answer(['transfer-encoding: chunked'], '2\r\n{}\r\n0\r\nx-trailer: 1\r\n\r\n'),
      200,
      '{}',
    ],
    ['with a status of its own', answer(json, '{}', '299 Odd'), 299, '{}'],
    ['with a reason of odd bytes', answer(json, '{}', '200 \u00e9t\u00e9 \u{1f642}'), 200, '{}'],
    ['with a header twice', answer([...json, 'retry-after: 1', 'retry-after: 2'], '{}'), 200, '{}'],
    [
      'with more headers than it needs',
      answer([...json, ...Array.from({ length: 200 }, (_, i) => `x-${i}: 1`)], '{}'),
      200,
      '{}',
    ],
    [
      'in UTF-8 where a header is ASCII',
      answer(['content-type: text/\u65e5\u672c', 'content-length: 2', 'openai-version: \u{1f642}'], '{}'),
      200,
      '{}',
    ],
    [
      'with the name of its file in UTF-8',
      answer([...json, 'content-disposition: attachment; filename="\u2603.json"'], '{}'),
      200,
      '{}',
    ],
    [
      'with the name of its file in UTF-8, in chunks',
      answer(
        ['content-disposition: attachment; filename="\u65e5.json"', 'transfer-encoding: chunked'],
        '2\r\n{}\r\n0\r\n\r\n',
      ),
      200,
      '{}',
    ],
    ['with bytes after its end', answer(json, '{}HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'), 200, '{}'],
  ])('%s', async (_name, bytes, status, text) => {
    upstream.behave(bytes)
    const first = await call(init)
    expect({ status: first?.status, text: first?.text }).toEqual({ status, text })
    expect(await record()).toMatchObject({ outcome: 'completed', status })
    upstream.behave(answer(json, '{}'))
    expect((await call(init))?.text).toBe('{}')
  })

  test.each([
    ['a status out of range', answer(json, '{}', '099 Low')],
    ['a status that HTTP does not know', answer([...json, 'content-encoding: gzip'], '{}', '999 High')],
    ['a status of zero', answer(json, '{}', '000 None')],
    ['another protocol', answer(['connection: upgrade', 'upgrade: x'], '', '101 Switching Protocols')],
    [
      'a redirection in gzip',
      answer(
        ['location: /x', 'content-encoding: gzip', 'content-disposition: attachment', 'content-length: 20'],
        gzipSync(''),
        '302 Found',
      ),
    ],
    ['nothing new', answer(['etag: "a"'], '', '304 Not Modified')],
    ['a control character in a header', answer([...json, 'retry-after: a\u0001b'], '{}')],
    ['two lengths', answer(['content-length: 2', 'content-length: 3'], '{}')],
    ['a length and chunks', answer(['content-length: 2', 'transfer-encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n')],
  ])('%s, which becomes a 502 that can be read', async (_name, bytes) => {
    upstream.behave(bytes)
    const refused = await call(init)
    expect(refused?.status).toBe(502)
    expect(JSON.parse(refused?.text ?? '')).toMatchObject({ error: { code: 'upstream_failed' } })
    expect(await record()).toMatchObject({ outcome: 'upstream_failed', status: 502 })
  })

  test('after a time that is counted from when it went out', async () => {
    upstream.behave(answer(json, '{}'))
    await call(init)
    const { latencyMs, upstreamMs } = (await record()) ?? {}
    // The first call of a key waits for bcrypt, some 50 ms, before it goes out.
    expect(latencyMs).toBeGreaterThan((upstreamMs ?? Number.NaN) + 20)
  })
})

test('usage is hidden from a stream that announced its length', async () => {
  const shown = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
  const hidden = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
  const body = `${shown}${hidden}data: [DONE]\n\n`
  upstream.behave(answer(['content-type: text/event-stream', `content-length: ${body.length}`], body))
  expect((await call(streamedChat))?.text).toBe(`${shown}data: [DONE]\n\n`)
  expect(await record()).toMatchObject({ outcome: 'completed', inputTokens: 3, outputTokens: 4 })
})

test('usage is read whatever the case of the content type', async () => {
  const body = '{"usage":{"prompt_tokens":3,"completion_tokens":4}}'
  upstream.behave(answer(['Content-Type: Application/JSON', `content-length: ${body.length}`], body))
  await call(chat)
  expect(await record()).toMatchObject({ inputTokens: 3, outputTokens: 4 })
})

const large = 'a'.repeat(16 * 1024 * 1024)
const large413 = answer(
  ['content-type: application/json', 'content-length: 2', 'connection: close'],
  '{}',
  '413 Too Large',
)

test.each<[string, Init]>([
  ['judged', { ...chat, body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: large }] }) }],
  [
    'piped',
    { path: '/v1/files', method: 'POST', body: large, headers: { 'content-type': 'application/octet-stream' } },
  ],
])('an answer before the body was read is the answer of a %s call', async (_name, init) => {
  upstream.behave(socket => {
    socket.pause()
    socket.write(large413)
    setTimeout(() => socket.destroy(), 500)
  })
  expect((await call(init))?.status).toBe(413)
  expect(await record()).toMatchObject({ outcome: 'upstream_error', status: 413, allowed: true })
})

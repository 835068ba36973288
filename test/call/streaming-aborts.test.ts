// Either side leaves, falls silent or does not read, while a call is piped through or while its body is sent.
import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { startUpstream } from '../fakes/upstream.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let caller: { token: string; keyId: string }

const policies = { rate_limit: { requests: 10_000 }, allowed_operations: { operations: ['*'] } }

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, UPSTREAM_IDLE_TIMEOUT_MS: '1000', UPSTREAM_RESPONSE_TIMEOUT_MS: '60000' },
    policies,
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

function open(method: string, path: string, headers: Record<string, string> = {}, url = proxy.url): ClientRequest {
  const request = httpRequest(`${url}${path}`, {
    method,
    agent: false,
    headers: { authorization: `Bearer ${caller.token}`, ...headers },
  })
  request.on('error', () => {})
  return request
}

/** The upstream's next answer, to be written by the test. */
function nextAnswer(begin = true): Promise<ServerResponse> {
  return new Promise(resolve => {
    upstream.respond((_request, response) => {
      if (begin) response.writeHead(200, { 'content-type': 'application/octet-stream' }).flushHeaders()
      resolve(response)
    })
  })
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Fails unless it happens soon: what is kept open costs the provider's tokens and our connections. */
async function soon<T>(happening: Promise<T>): Promise<T> {
  const late = sleep(2000).then(() => Promise.reject(new Error('It did not happen soon')))
  return Promise.race([happening, late])
}

const record = async () => (await proxy.records(1, caller.keyId))[0]
const alarms = () => proxy.lines.filter(line => JSON.parse(line).level >= 50)

describe('a download', () => {
  test('ends upstream when the client leaves before the answer', async () => {
    const answering = nextAnswer(false)
    const request = open('GET', '/v1/files/file-1/content').end()
    const answer = await answering
    request.destroy()
    await soon(once(answer, 'close'))
    expect(await record()).toMatchObject({ outcome: 'client_aborted', allowed: true, status: null })
    expect(proxy.reports).toEqual([])
    expect(alarms()).toEqual([])
  })

  test('ends upstream when the client leaves in the middle', async () => {
    const answering = nextAnswer()
    const response = await answerTo(open('GET', '/v1/files/file-1/content').end())
    const answer = await answering
    answer.write('a')
    await once(response, 'data')
    response.destroy()
    await soon(once(answer, 'close'))
    expect(await record()).toMatchObject({ outcome: 'client_aborted', status: 200 })
    expect(proxy.reports).toEqual([])
  })

  test('breaks when the upstream dies in the middle, or falls silent', async () => {
    for (const [end, outcome] of [
      [(answer: ServerResponse) => answer.destroy(), 'upstream_failed'],
      [() => {}, 'upstream_timeout'],
    ] as const) {
      caller = await proxy.addCustomer()
      const answering = nextAnswer()
      const response = await answerTo(open('GET', '/v1/files/file-1/content').end())
      const answer = await answering
      answer.write('a')
      await once(response, 'readable')
      end(answer)
      await expect(readAll(response)).rejects.toThrow('aborted')
      expect(await record()).toMatchObject({ outcome, status: 200 })
    }
  })

  test('is held back by a client that does not read', async () => {
    const answering = nextAnswer()
    const response = await answerTo(open('GET', '/v1/files/file-1/content').end())
    response.pause()
    const answer = await answering
    const written = await flood(answer)
    expect(written).toBeLessThan(32 * 1024 * 1024)
    response.destroy()
    await soon(once(answer, 'close'))
  })
})

/** Bytes that a stream takes before it asks its writer to wait, and goes on asking. */
async function flood(stream: ServerResponse | ClientRequest): Promise<number> {
  const chunk = Buffer.alloc(65_536, 'x')
  let written = 0
  let waiting = 0
  while (waiting < 500 && written < 256 * 1024 * 1024) {
    if (stream.writableNeedDrain) {
      await sleep(50)
      waiting += 50
    } else {
      waiting = 0
      written += chunk.length
      stream.write(chunk)
      await sleep(0)
    }
  }
  return written
}

describe('an upload', () => {
  const octets = { 'content-type': 'application/octet-stream' }

  test('is passed on as it comes, byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256))
    upstream.respond((_request, response) => response.end('{}'))
    const request = open('POST', '/v1/files', octets)
    for (let i = 0; i < bytes.length; i += 999) request.write(bytes.subarray(i, i + 999))
    request.end()
    await readAll(await answerTo(request))
    expect(upstream.requests.at(-1)?.body.equals(bytes)).toBe(true)
    expect(upstream.requests.at(-1)?.headers['content-type']).toBe(octets['content-type'])
  })

  test('is held back by an upstream that does not read, and ended when the client leaves', async () => {
    const deaf = await startUpstream()
    const closed = new Promise<void>(resolve => {
      deaf.behave(socket => {
        socket.pause()
        socket.once('close', () => resolve())
        setTimeout(() => socket.resume(), 2500).unref()
      })
    })
    const other = await startProxy({ database, env: { OPENAI_BASE_URL: deaf.url }, policies })
    caller = other
    const request = open('POST', '/v1/files', octets, other.url)
    const written = await flood(request)
    expect(written).toBeLessThan(64 * 1024 * 1024)
    request.destroy()
    await closed
    expect(await other.records(1, other.keyId)).toMatchObject([
      { operation: 'files.create', outcome: 'client_aborted', allowed: true, status: null },
    ])
    expect(other.reports).toEqual([])
    await other.stop()
    await deaf.stop()
  })

  test('larger than the limit is cut off before the end', async () => {
    const other = await startProxy({
      database,
      env: { OPENAI_BASE_URL: upstream.url, UPLOAD_LIMIT_BYTES: '100000' },
      policies,
    })
    caller = other
    const request = open('POST', '/v1/files', octets, other.url)
    const before = upstream.requests.length
    const answering = answerTo(request)
    for (let i = 0; i < 4; i++) request.write(Buffer.alloc(50_000))
    const response = await answering
    expect(response.statusCode).toBe(413)
    expect(upstream.requests.length).toBe(before)
    request.destroy()
    expect(await other.records(1, other.keyId)).toMatchObject([{ outcome: 'invalid_request', status: 413 }])
    await other.stop()
  })
})

test.each([
  ['JSON', 'application/json', '{"model":"gpt-4o",'],
  ['multipart', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhi'],
])('a client that leaves in the middle of its %s body has left', async (_name, type, start) => {
  const path = type.startsWith('multipart') ? '/v1/audio/transcriptions' : '/v1/chat/completions'
  // The key is known from here on, so the next call is let in at once.
  upstream.respond((_request, response) => response.end('{"data":[]}'))
  await readAll(await answerTo(open('GET', '/v1/models').end()))
  const request = open('POST', path, { 'content-type': type, 'content-length': '1000' })
  request.write(start)
  await sleep(300)
  request.destroy()
  expect((await proxy.records(2, caller.keyId))[1]).toMatchObject({
    outcome: 'client_aborted',
    allowed: false,
    status: null,
  })
  expect(proxy.reports).toEqual([])
})

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let caller: { token: string; keyId: string }

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, UPSTREAM_IDLE_TIMEOUT_MS: '1000', UPSTREAM_RESPONSE_TIMEOUT_MS: '1000' },
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

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = (content: string) => event({ choices: [{ index: 0, delta: { content } }] })

/** Opens a streamed chat, and resolves once its headers are there. */
async function openChat(body: Record<string, unknown> = {}, url = proxy.url): Promise<IncomingMessage> {
  const request = httpRequest(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' },
  })
  request.on('error', () => {})
  request.end(JSON.stringify({ model: 'gpt-4o', stream: true, messages: [], ...body }))
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** Lets the upstream's next answer be written by the test. */
function nextAnswer(): Promise<ServerResponse> {
  return new Promise(resolve => {
    upstream.respond((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      resolve(response)
    })
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const record = async () => (await proxy.records(1, caller.keyId))[0]

test('each chunk arrives before the next is sent', async () => {
  const answering = nextAnswer()
  const response = await openChat()
  const answer = await answering
  response.setEncoding('utf8')
  for (const word of ['one', 'two', 'three']) {
    answer.write(delta(word))
    const [text] = await once(response, 'data')
    expect(text).toBe(delta(word))
  }
  answer.end()
  await once(response.resume(), 'end')
})

test('a stream passes byte for byte when the client asked for usage itself', async () => {
  const odd = `: a comment\r\n\r\nevent: x\ndata: {"a" : 1,"usage":null}\r\ndata: more\n\n${delta('é€🙂')}${event({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } })}data: [DONE]\n\n`
  const answering = nextAnswer()
  const response = await openChat({ stream_options: { include_usage: true } })
  const answer = await answering
  const bytes = Buffer.from(odd)
  for (let i = 0; i < bytes.length; i += 7) answer.write(bytes.subarray(i, i + 7))
  answer.end()
  expect(await readAll(response)).toBe(odd)
  expect(await record()).toMatchObject({ inputTokens: 5, outputTokens: 7, outcome: 'completed' })
})

test('usage is asked for and hidden when the client did not ask', async () => {
  const answering = nextAnswer()
  const response = await openChat()
  const answer = await answering
  answer.end(
    event({ choices: [{ index: 0, delta: { content: 'a' } }], usage: null }) +
      event({
        choices: [],
        usage: { prompt_tokens: 11, completion_tokens: 13, prompt_tokens_details: { cached_tokens: 3 } },
      }) +
      'data: [DONE]\n\n',
  )
  expect(await readAll(response)).toBe(`${delta('a')}data: [DONE]\n\n`)
  expect(JSON.parse(upstream.requests.at(-1)?.body.toString() ?? '')).toMatchObject({
    stream_options: { include_usage: true },
  })
  expect(await record()).toMatchObject({ inputTokens: 11, outputTokens: 13, cachedInputTokens: 3 })
})

test('a client that leaves ends the call upstream, and its usage is unknown', async () => {
  const answering = nextAnswer()
  const response = await openChat()
  const answer = await answering
  answer.write(delta('a'))
  await once(response, 'data')
  response.destroy()
  await once(answer, 'close')
  expect(await record()).toMatchObject({
    outcome: 'client_aborted',
    allowed: true,
    status: 200,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
  })
})

test('a client that leaves before the answer ends the call upstream', async () => {
  const arrived = new Promise<ServerResponse>(resolve => upstream.respond((_request, response) => resolve(response)))
  const request = httpRequest(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' },
  })
  request.on('error', () => {})
  request.end('{"model":"gpt-4o","messages":[]}')
  const answer = await arrived
  request.destroy()
  await once(answer, 'close')
  expect(await record()).toMatchObject({ outcome: 'client_aborted', status: null })
})

test('a client that does not read holds the upstream back', async () => {
  const answering = nextAnswer()
  const response = await openChat({ stream_options: { include_usage: true } })
  response.pause()
  const answer = await answering
  const chunk = Buffer.from(delta('x'.repeat(65_536)))
  let written = 0
  const flood = async () => {
    while (written < 256 * 1024 * 1024 && !answer.destroyed) {
      written += chunk.length
      if (!answer.write(chunk)) await once(answer, 'drain')
    }
  }
  void flood()
  await sleep(500)
  const stalledAt = written
  await sleep(300)
  // Kernel buffers and ours, and not one byte more.
  expect(written).toBe(stalledAt)
  expect(written).toBeLessThan(32 * 1024 * 1024)
  response.destroy()
  answer.destroy()
})

test('an upstream that dies in the middle breaks the connection', async () => {
  const answering = nextAnswer()
  const response = await openChat()
  const answer = await answering
  answer.write(delta('a'))
  await once(response, 'data')
  answer.destroy()
  await expect(readAll(response)).rejects.toThrow('aborted')
  expect(await record()).toMatchObject({ outcome: 'upstream_failed', status: 200, inputTokens: null })
})

test('an upstream that falls silent in the middle is given up', async () => {
  const answering = nextAnswer()
  const response = await openChat()
  const answer = await answering
  answer.write(delta('a'))
  await expect(readAll(response)).rejects.toThrow('aborted')
  expect(await record()).toMatchObject({ outcome: 'upstream_timeout', status: 200 })
})

test('a thousand streams at once, each whole', async () => {
  const patient = await startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url },
    policies: { rate_limit: { requests: 10_000 } },
  })
  caller = patient
  upstream.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(delta('a'))
    setTimeout(() => response.end(`${delta('b')}data: [DONE]\n\n`), 50)
  })
  const texts = await Promise.all(Array.from({ length: 1000 }, async () => readAll(await openChat({}, patient.url))))
  expect(new Set(texts)).toEqual(new Set([`${delta('a')}${delta('b')}data: [DONE]\n\n`]))
  await expect.poll(() => database.prisma.usageLog.count({ where: { apiKeyId: patient.keyId } })).toBe(1000)
  await patient.stop()
})

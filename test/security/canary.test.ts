// The promise: content lives in memory, for the length of its call. A marker of its own goes in by every way there is,
// and then every sink is searched for all of them: as they are, encoded, and as digests.
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openDatabase } from '../../src/database/client.ts'
import { realDatabase, realServer } from '../fakes/database.ts'
import { type ServerProcess, startServer } from '../fakes/process.ts'
import { rawRequest, sendRaw } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'

/** Letters and digits only, so that escaping leaves it as it is. */
const marked = new Map<string, string>()
function marker(way: string): string {
  const known = marked.get(way)
  if (known !== undefined) return known
  const made = `qz${randomUUID().replaceAll('-', '').slice(0, 16)}zq`
  marked.set(way, made)
  return made
}

/** Every form in which a marker could be kept and still be recognised. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text)
  const base64 = [0, 1, 2].map(shift =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  const digests = ['md5', 'sha1', 'sha256', 'sha512'].flatMap(name => {
    const digest = createHash(name).update(text).digest()
    return [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')]
  })
  return [
    text,
    text.toUpperCase(),
    bytes.toString('hex'),
    Buffer.from(text, 'utf16le').toString('latin1'),
    ...base64,
    ...digests,
  ]
}

let directory: string
let upstream: Awaited<ReturnType<typeof startRecorder>>
let sentry: Awaited<ReturnType<typeof startSentry>>
let server: ServerProcess
let token: string
let simulating: string
let databaseUrl: string | null = null
let dropDatabase = async () => {}
let redis: Awaited<ReturnType<typeof watchRedis>> | null = null

const run = promisify(execFile)
const redisUrl = process.env.TEST_REDIS_URL

/** What an answer of the upstream can hide a marker in, chosen by the path of the call. */
const ways = {
  'upstream error body': '/v1/embeddings',
  'upstream garbage': '/v1/moderations',
  'upstream broken stream': '/v1/completions',
} as const

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'governance-canary-'))
  upstream = await startRecorder()
  sentry = await startSentry()
  if (redisUrl !== undefined) redis = await watchRedis(redisUrl)
  const real = realServer()
  if (real !== null) {
    const { url, stop } = await realDatabase(real)
    databaseUrl = url
    dropDatabase = stop
  }
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: directory,
    LOG_LEVEL: 'trace',
    OPENAI_API_KEY: 'sk-upstream',
    OPENAI_BASE_URL: upstream.url,
    SENTRY_DSN: `http://public@127.0.0.1:${sentry.port}/1`,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  }
  server = await startServer(env)
  token = await server.firstKey()
  // What is refused by default goes in as well, and through to the provider.
  await run(process.execPath, ['scripts/policy.ts', 'set', 'allowed_operations', '{"operations":["*"]}'], { env })
  const made = await run(
    process.execPath,
    ['scripts/key.ts', 'ci@example.com', '--scope', 'policies:simulate', '--json'],
    { env },
  )
  simulating = JSON.parse(made.stdout).token
  upstream.respond((request, response) => {
    const path = request.url ?? ''
    response.setHeader('x-upstream', marker('upstream header'))
    response.setHeader('openai-organization', marker('upstream organization'))
    if (path.startsWith(ways['upstream error body'])) {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: `could not read ${marker('upstream error body')}` } }))
    } else if (path.startsWith(ways['upstream garbage'])) {
      response.socket?.end(`HTTP/1.1 200 OK\r\nbad header ${marker('upstream garbage')}\r\n\r\n`)
    } else if (path.startsWith(ways['upstream broken stream'])) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: {"choices":[{"text":"${marker('upstream broken stream')}"}]}\n\n`, () => response.destroy())
    } else {
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          choices: [{ message: { content: `${marker('completion')} ${marker('answered address')}@example.com` } }],
          usage: { prompt_tokens: 1, completion_tokens: 1 },
        }),
      )
    }
  })
}, 120_000)

afterAll(async () => {
  await server.end('SIGKILL')
  await upstream.stop()
  await sentry.stop()
  await redis?.stop()
  await dropDatabase()
  await rm(directory, { recursive: true, force: true })
})

function send(path: string, init: RequestInit & { token?: string } = {}) {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    ...init,
    headers: { authorization: `Bearer ${init.token ?? token}`, 'content-type': 'application/json', ...init.headers },
  }).then(async response => ({ status: response.status, text: await response.text().catch(() => '') }))
}

const sendJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, { body: JSON.stringify(body), headers })

async function sendEverything(): Promise<void> {
  // The fields of a chat, allowed and refused.
  const chat = {
    model: 'gpt-4o',
    user: `user ${marker('user')}`,
    metadata: {
      intent: `a sentence with ${marker('metadata value')}`,
      [`key ${marker('metadata key')}`]: 'x',
      other: marker('other metadata'),
    },
    stop: [marker('stop')],
    messages: [
      { role: 'system', content: marker('system') },
      { role: 'developer', content: [{ type: 'text', text: marker('developer part') }] },
      {
        role: 'user',
        name: marker('name'),
        content: [
          { type: 'text', text: marker('user part') },
          { type: 'image_url', image_url: { url: `https://example.com/${marker('image url')}` } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'look_up', arguments: JSON.stringify({ q: marker('tool arguments') }) },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: marker('tool result') },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: marker('tool name'),
          description: marker('tool description'),
          parameters: {
            type: 'object',
            properties: { [marker('tool property')]: { type: 'string', enum: [marker('tool enum')] } },
          },
        },
      },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'x', schema: { description: marker('schema description') } },
    },
  }
  expect((await sendJson('/v1/chat/completions', chat)).status).toBe(200)
  expect((await sendJson('/v1/chat/completions', { ...chat, stream: true })).status).toBe(200)
  const personal = {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: `${marker('refused content')}@example.com` }],
  }
  expect((await sendJson('/v1/chat/completions', personal)).status).toBe(403)
  expect(
    (
      await sendJson('/v1/responses', {
        model: 'gpt-4o',
        instructions: marker('instructions'),
        input: [{ role: 'user', content: marker('input') }],
        prompt: { id: marker('prompt id') },
        previous_response_id: marker('previous response'),
      })
    ).status,
  ).toBe(200)
  await sendJson('/v1/audio/speech', { model: 'tts-1', input: marker('speech input'), voice: 'alloy' })

  // Headers, query and path.
  await sendJson(
    '/v1/chat/completions',
    { model: 'gpt-4o', messages: [] },
    {
      'x-custom': marker('header'),
      cookie: `session=${marker('cookie')}`,
      'user-agent': marker('user agent'),
      'x-request-id': marker('request id'),
      traceparent: marker('traceparent'),
      'idempotency-key': marker('idempotency key'),
      'x-governance-intent': `not a word: ${marker('declared sentence')}`,
      'x-governance-unknown': marker('unknown declared header'),
      'x-governance-provider': marker('provider header'),
    },
  )
  await sendJson(`/v1/chat/completions?q=${marker('query')}`, { model: 'gpt-4o', messages: [] })
  await send(`/v1/files/${marker('path parameter')}`, { method: 'GET' })
  await send(`/v1/${marker('unknown path')}`, { method: 'GET' })
  await send(`/v1/files?after=${marker('list query')}`, { method: 'GET' })
  await sendJson('/v1/chat/completions', { model: `${marker('unknown model')}`, messages: [] })
  await sendJson('/v1/chat/completions', { model: `gpt ${marker('bad model')}`, messages: [] })

  // Tokens.
  await send('/v1/chat/completions', { token: marker('token'), body: '{}' })
  await send('/v1/chat/completions', { token: `${token.slice(0, 41)}${marker('secret').padEnd(43, 'A')}`, body: '{}' })
  await send('/api/evaluate', { token: marker('evaluated token') })

  // Multipart and uploads.
  const form = new FormData()
  form.append('model', 'whisper-1')
  form.append('prompt', marker('form field'))
  form.append('file', new Blob([marker('file bytes')]), `${marker('file name')}.wav`)
  await fetch(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  const upload = new FormData()
  upload.append('file', new Blob([marker('upload bytes')]), `${marker('upload name')}.jsonl`)
  await fetch(`${server.url}/v1/files`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: upload })

  // What does not parse.
  const raw = (body: string | Buffer, headers = {}) =>
    sendRaw(
      server.url,
      rawRequest(
        'POST /v1/chat/completions',
        { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body,
      ),
    )
  await raw(`{"model":"${marker('broken json')}`)
  await raw(`{"model":"gpt-4o","x":"${marker('bad number')}","n":1e999}`)
  await raw(Buffer.concat([Buffer.from(`{"x":"${marker('bad encoding')}`), Buffer.from([0xff]), Buffer.from('"}')]))
  await raw(marker('plain text'), { 'content-type': 'text/plain' })
  await raw(marker('gzip'), { 'content-encoding': 'gzip' })
  await raw('{}', { 'x-big': marker('big header').repeat(2000) })
  await sendRaw(server.url, `${marker('not http')}\r\n\r\n`)

  // Pre-flight.
  await sendJson('/v1/check', { model: 'gpt-4o', operation: 'classify', metadata: { prompt: marker('check prompt') } })
  await sendJson('/v1/check', {
    model: 'gpt-4o',
    operation: 'classify',
    metadata: { intent: `words ${marker('check intent')}`, free: marker('check metadata') },
  })
  await sendJson('/v1/check', { model: 'gpt-4o', operation: `classify ${marker('check operation')}` })
  await sendJson('/v1/check', { model: 'gpt-4o', operation: 'classify', [marker('check field')]: 1 })

  // A text to look into: short, long enough for another thread, and what does not parse.
  const inspected = await sendJson('/api/inspect', { input: `${marker('inspected text')}@example.com` })
  expect(JSON.parse(inspected.text)).toMatchObject({ personal_data: { types: { email: 1 } } })
  await sendJson('/api/inspect', { input: [`${marker('long text')} `.repeat(2000)] })
  await sendJson('/api/inspect', { [marker('inspected field')]: 1 })
  await send('/api/inspect', { body: `{"input":"${marker('broken text')}` })

  // Facts to simulate with, and decisions to ask for.
  const facts = {
    operation: marker('simulated operation'),
    model: marker('simulated model'),
    custom: { [marker('simulated finding')]: 1 },
    tools: { names: [marker('simulated tool')] },
    declared: { intent: marker('simulated intent') },
  }
  const simulate = (body: unknown) =>
    send('/api/policies/simulate', {
      token: simulating,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  expect((await simulate({ facts })).status).toBe(200)
  await simulate({ facts, [marker('simulated field')]: 1 })
  await simulate({ facts: { external: marker('simulated wrong type') } })
  await simulate(`{"facts":"${marker('broken simulation')}`)
  await send(`/api/decisions/${marker('decision id')}`, { method: 'GET' })

  // An upstream that fails, each in its way.
  for (const [way, path] of Object.entries(ways)) {
    await sendJson(path, {
      model: way === 'upstream garbage' ? 'omni-moderation-latest' : 'gpt-4o',
      input: marker(`input of ${way}`),
      stream: way === 'upstream broken stream',
    }).catch(() => {})
  }

  // A client that leaves, and sockets.
  upstream.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: {"choices":[{"delta":{"content":"${marker('aborted stream')}"}}]}\n\n`)
  })
  const leaving = new AbortController()
  const left = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o',
      stream: true,
      messages: [{ role: 'user', content: marker('aborted call') }],
    }),
    signal: leaving.signal,
  })
  await left.body?.getReader().read()
  leaving.abort()
  await new Promise<void>(resolve => {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime&x=${marker('socket query')}`,
      ['realtime', `openai-insecure-api-key.${token}`, marker('subprotocol')],
    )
    socket.on('error', () => resolve())
    socket.on('open', () => {
      socket.send(marker('socket message'))
      socket.close()
    })
    socket.on('close', () => resolve())
  })

  upstream.respond((_request, response) => response.end('{}'))
  // The proof that the search finds what is there: this one is meant to be recorded.
  await sendJson('/v1/chat/completions', { model: 'gpt-4o', messages: [] }, { 'x-governance-intent': control })
}

const control = 'controlmarker'

describe('after markers went in by every way', () => {
  const sinks = new Map<string, Buffer>()

  beforeAll(async () => {
    await sendEverything()
    // Long enough for batches, reports and the batch writer's last word.
    await server.end('SIGTERM')
    sinks.set('standard output and error', Buffer.from(server.text()))
    sinks.set('Sentry', Buffer.concat(sentry.envelopes))
    for (const path of await filesUnder(directory)) sinks.set(path, await readFile(path))
    if (databaseUrl !== null) sinks.set('PostgreSQL', await dumpTables(databaseUrl))
    if (redis !== null) sinks.set('Redis', Buffer.from(redis.commands.join('\n')))
  }, 120_000)

  test('the calls went through, and were recorded', () => {
    const seen = Buffer.concat(upstream.requests.map(({ body }) => body)).toString('utf8')
    for (const way of ['system', 'tool arguments', 'form field', 'input of upstream error body'])
      expect(seen).toContain(marker(way))
    const everything = Buffer.concat([...sinks.values()])
    expect(everything.includes(control)).toBe(true)
    expect(everything.includes('contains_personal_data')).toBe(true)
    expect(sentry.envelopes.length).toBeGreaterThan(0)
    expect(sinks.get('standard output and error')?.length).toBeGreaterThan(1000)
    if (redis !== null) expect(redis.commands.length).toBeGreaterThan(0)
  })

  test('no sink holds any of them, in any form', { timeout: 120_000 }, () => {
    const found: string[] = []
    for (const [way, text] of marked) {
      for (const form of formsOf(text)) {
        for (const [sink, bytes] of sinks) if (bytes.includes(form)) found.push(`${way} in ${sink}`)
      }
    }
    expect(marked.size).toBeGreaterThan(60)
    expect(found).toEqual([])
  })

  test('no sink holds a key', () => {
    const secret = token.split('.')[1] ?? ''
    for (const [sink, bytes] of sinks) {
      // The first key is shown once, on standard output.
      const times = bytes.toString('latin1').split(secret).length - 1
      expect({ sink, times }).toEqual({ sink, times: sink === 'standard output and error' ? 2 : 0 })
      expect(bytes.includes('sk-upstream')).toBe(false)
    }
  })
})

async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

async function dumpTables(url: string): Promise<Buffer> {
  const { prisma, close } = openDatabase(url)
  const tables = await prisma.$queryRaw<
    { name: string }[]
  >`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`
  const dumps = await Promise.all(
    tables.map(({ name }) => prisma.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`)),
  )
  await close()
  return Buffer.from(
    dumps
      .flat()
      .map(({ row }) => row)
      .join('\n'),
  )
}

/** A stand-in for Sentry that keeps what it is sent. */
async function startSentry() {
  const envelopes: Buffer[] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      envelopes.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)
      response.end('{}')
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  return {
    envelopes,
    port: (receiver.address() as AddressInfo).port,
    stop: () => new Promise(resolve => receiver.close(resolve)),
  }
}

/** Every command that Redis is sent, by whomever. */
async function watchRedis(url: string) {
  const commands: string[] = []
  const connection = new Redis(url)
  const monitor = await connection.monitor()
  monitor.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')))
  return {
    commands,
    async stop() {
      monitor.disconnect()
      connection.disconnect()
    },
  }
}

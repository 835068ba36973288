// The process as a person runs it, told to stop while calls run.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { placeEmbedded } from '../fakes/embedded.ts'
import { chat, recordedIds, type ServerProcess, startServer } from '../fakes/process.ts'
import { rawRequest } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'

let dataDir: string
let upstream: Awaited<ReturnType<typeof startRecorder>>
let server: ServerProcess | undefined

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'governance-shutdown-'))
  placeEmbedded(dataDir)
  upstream = await startRecorder()
})
afterEach(async () => {
  await server?.end('SIGKILL')
  server = undefined
  await upstream.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const environment = () => ({ DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-upstream', OPENAI_BASE_URL: upstream.url })

test('told to stop, it does not wait for a connection that is kept open after its last answer', async () => {
  server = await startServer(environment())
  const token = await server.firstKey()
  const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>()
  upstream.respond((_request, response) => ask(() => response.end('{}')))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    rawRequest(
      'POST /v1/chat/completions',
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      '{"model":"gpt-4o","messages":[]}',
    ),
  )
  const finish = await asked
  const began = Date.now()
  const ended = server.end('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 300))
  finish()
  expect(await ended).toBe(0)
  expect(Date.now() - began).toBeLessThan(5000)
  socket.destroy()
}, 60_000)

test('told to stop, it lets a stream end whole, takes no new call, and writes the record', async () => {
  server = await startServer(environment())
  const token = await server.firstKey()
  let finish = () => {}
  upstream.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[]}\n\n')
    finish = () => response.end('data: [DONE]\n\n')
  })
  const request = httpRequest(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  request.end('{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[]}')
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const id = String(response.headers['x-governance-decision-id'])
  const ended = server.end('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 300))
  const late = await chat(server.url, token).then(
    ({ status }) => status,
    () => 'refused',
  )
  expect([503, 'refused']).toContain(late)
  finish()
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toContain('[DONE]')
  expect(await ended).toBe(0)
  expect(await recordedIds(dataDir)).toContain(id)
}, 60_000)

test('a stream that outlasts the deadline is cut, and recorded', async () => {
  server = await startServer({ ...environment(), SHUTDOWN_TIMEOUT_MS: '500' })
  const token = await server.firstKey()
  upstream.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {}\n\n')
  })
  const response = await chat(server.url, token)
  const id = response.headers.get('x-governance-decision-id')
  const cut = response.text().then(
    () => 'whole',
    () => 'cut',
  )
  const began = Date.now()
  expect(await server.end('SIGTERM')).toBe(0)
  expect(Date.now() - began).toBeLessThan(8_000)
  expect(await cut).toBe('cut')
  expect(await recordedIds(dataDir)).toContain(id)
}, 60_000)

test('faults in the settings are shown all together, and nothing starts', async () => {
  await expect(startServer({ PORT: 'x', LOG_LEVEL: 'loud' })).rejects.toThrow(/PORT[\s\S]*LOG_LEVEL/)
})

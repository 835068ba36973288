// One key's clients hold what others need: connections to a provider, by not reading what comes, and memory.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>
const clients: Socket[] = []

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.stop()
})
afterAll(async () => {
  await upstream.stop()
  await database.close()
})

const start = (env: Record<string, string>) =>
  startProxy({
    database,
    env: { OPENAI_BASE_URL: upstream.url, UPSTREAM_CONNECTIONS: '1', ...env },
    policies: { allowed_operations: { operations: ['*'] } },
  })

const chat = '{"model":"gpt-4o","messages":[]}'
const calls = [
  [
    'judged',
    `POST /v1/chat/completions HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${chat.length}`,
    chat,
  ],
  ['piped', 'GET /v1/files HTTP/1.1', ''],
] as const

/** Sends a call and reads nothing of its answer. */
async function ignore(head: string, body: string): Promise<void> {
  const { port, hostname } = new URL(proxy.url)
  const client = connect(Number(port), hostname)
  client.on('error', () => {})
  client.pause()
  clients.push(client)
  await once(client, 'connect')
  client.write(`${head}\r\nhost: proxy\r\nauthorization: Bearer ${proxy.token}\r\n\r\n${body}`)
}

function ask(body = chat): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${proxy.token}`, 'content-type': 'application/json' },
    body,
  })
}

/** Far more than the sockets between a provider and a client hold. */
const large = Buffer.alloc(64 * 1024 * 1024, 'a')

test.each(calls)(
  'an answer to a %s call that its client leaves unread gives its connection back',
  async (_name, head, body) => {
    proxy = await start({ UPSTREAM_IDLE_TIMEOUT_MS: '1000' })
    const asked = new Promise<void>(resolve => {
      upstream.respond((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': large.length })
        response.end(large)
        resolve()
      })
    })
    await ignore(head, body)
    await asked
    upstream.respond((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
    expect((await ask()).status).toBe(200)
    expect(await proxy.records(2, proxy.keyId)).toMatchObject([{ outcome: 'client_aborted' }, { outcome: 'completed' }])
  },
)

test('a call that waits too long for a connection is answered with 504, and does not go out', async () => {
  proxy = await start({ UPSTREAM_RESPONSE_TIMEOUT_MS: '1000', UPSTREAM_IDLE_TIMEOUT_MS: '60000' })
  let finish = () => {}
  const asked = new Promise<void>(resolve => {
    upstream.respond((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{')
      finish = () => response.end('}')
      resolve()
    })
  })
  const first = ask()
  await asked
  const before = upstream.requests.length
  const second = await ask()
  expect({ status: second.status, body: await second.json() }).toMatchObject({
    status: 504,
    body: { error: { code: 'upstream_timeout' } },
  })
  upstream.respond((_request, response) => response.end('{}'))
  finish()
  expect(await (await first).text()).toBe('{}')
  expect(await proxy.records(2, proxy.keyId)).toMatchObject([{ outcome: 'completed' }, { outcome: 'upstream_timeout' }])
  expect((await ask()).status).toBe(200)
  expect(upstream.requests.length).toBe(before + 1)
})

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
const heapMiB = () => {
  collect()
  return process.memoryUsage().heapUsed / 1_048_576
}

test('while a provider thinks, a call holds what is sent, and not what was parsed', async () => {
  proxy = await start({ UPSTREAM_CONNECTIONS: '10' })
  const waiting: (() => void)[] = []
  const inUse = new Promise<void>(resolve => {
    upstream.respond((_request, response) => {
      waiting.push(() => response.end('{}'))
      if (waiting.length === 3) resolve()
    })
  })
  const before = heapMiB()
  const empty = `[${'{},'.repeat(1_000_000)}{}]`
  const asked = [1, 2, 3].map(() => ask(`{"model":"gpt-4o","messages":[],"x":${empty}}`))
  await inUse
  // Each was 3 MB, and some 60 as objects.
  expect(heapMiB() - before).toBeLessThan(60)
  for (const answer of waiting) answer()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200])
})

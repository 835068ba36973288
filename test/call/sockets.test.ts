import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { testDatabase } from '../fakes/database.ts'
import { startProxy, upstreamKey } from '../fakes/proxy.ts'
import { rawRequest, sendRaw } from '../fakes/raw-http.ts'
import { startUpstream } from '../fakes/upstream.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: WebSocketServer
let proxy: Awaited<ReturnType<typeof startProxy>>
const handshakes: IncomingMessage[] = []

beforeAll(async () => {
  database = await testDatabase()
  upstream = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: offered => [...offered][0] ?? false })
  await once(upstream, 'listening')
  upstream.on('connection', (socket, request) => {
    handshakes.push(request)
    socket.on('message', (data: RawData, binary) => socket.send(data, { binary }))
  })
  const { port } = upstream.address() as AddressInfo
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
})
afterAll(async () => {
  await proxy.stop()
  upstream.close()
  await database.close()
})

const address = (path = '/v1/realtime?model=gpt-realtime') => `${proxy.url.replace('http', 'ws')}${path}`
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

async function echo(socket: WebSocket, message: string): Promise<string> {
  socket.send(message)
  const [data] = (await once(socket, 'message')) as [RawData]
  return String(data)
}

test('messages pass both ways, and the session is recorded', async () => {
  const caller = await proxy.addCustomer()
  const socket = new WebSocket(address(), bearer(caller.token))
  await once(socket, 'open')
  expect(await echo(socket, '{"type":"session.update"}')).toBe('{"type":"session.update"}')
  socket.close(1000)
  await once(socket, 'close')
  expect(handshakes.at(-1)?.headers.authorization).toBe(`Bearer ${upstreamKey}`)
  expect(handshakes.at(-1)?.url).toBe('/v1/realtime?model=gpt-realtime')
  const [row] = await proxy.records(1, caller.keyId)
  expect(row).toMatchObject({
    operation: 'realtime.connect',
    model: 'gpt-realtime',
    allowed: true,
    outcome: 'completed',
    status: 101,
  })
  expect(row?.meta).toMatchObject({ uninspectable_content: ['socket'] })
})

test('a browser can pass its key as a subprotocol, which goes no further', async () => {
  const caller = await proxy.addCustomer()
  const socket = new WebSocket(address(), [
    'realtime',
    `openai-insecure-api-key.${caller.token}`,
    'openai-beta.realtime-v1',
  ])
  await once(socket, 'open')
  expect(socket.protocol).toBe('realtime')
  expect(await echo(socket, 'hello')).toBe('hello')
  expect(JSON.stringify(handshakes.at(-1)?.headers)).not.toContain(caller.token)
  socket.close()
})

async function refusal(socket: WebSocket): Promise<{ status: number | undefined; code: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode, code: JSON.parse(Buffer.concat(chunks).toString()).error.code }
}

test('is refused before the handshake without a key, and where policy says so', async () => {
  const before = handshakes.length
  expect(await refusal(new WebSocket(address()))).toEqual({ status: 401, code: 'invalid_api_key' })
  const careful = await proxy.addCustomer({ allowed_operations: { operations: ['chat.*'] } })
  expect(await refusal(new WebSocket(address(), bearer(careful.token)))).toEqual({
    status: 403,
    code: 'operation_not_allowed',
  })
  expect(await proxy.records(1, careful.keyId)).toMatchObject([{ outcome: 'policy_refused', status: 403 }])
  expect(handshakes.length).toBe(before)
})

/** A proxy and an upstream below HTTP, for what a WebSocket server would not do. */
async function withUpstream(
  run: (other: typeof proxy, bytes: Awaited<ReturnType<typeof startUpstream>>) => Promise<void>,
) {
  const bytes = await startUpstream()
  const other = await startProxy({
    database,
    env: { OPENAI_BASE_URL: bytes.url },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
  try {
    await run(other, bytes)
  } finally {
    bytes.cut()
    await other.stop()
    await bytes.stop()
  }
}

const open = (other: typeof proxy) =>
  new WebSocket(`${other.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`, bearer(other.token))

/** Answers a handshake by hand, and leaves the connection to the test. */
function accept(socket: Socket, request: Buffer): void {
  const key = /sec-websocket-key: (.+)\r\n/i.exec(request.toString('latin1'))?.[1]
  const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${digest}\r\n\r\n`,
  )
}

const failures: [string, (socket: Socket, request: Buffer) => void][] = [
  [
    'refuses the handshake',
    socket => socket.end('HTTP/1.1 401 Unauthorized\r\nx-secret: 1\r\ncontent-length: 6\r\n\r\nsecret'),
  ],
  ['redirects the handshake', socket => socket.end('HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/secret\r\n\r\n')],
  ['hangs up', socket => socket.destroy()],
  ['does not speak HTTP', socket => socket.end('SSH-2.0-secret\r\n')],
  [
    'dies in the middle',
    (socket, request) => {
      accept(socket, request)
      setTimeout(() => socket.destroy(), 100)
    },
  ],
  [
    'sends what is no frame',
    (socket, request) => {
      accept(socket, request)
      setTimeout(() => socket.write(Buffer.from('fffffffffffffffffffffffff secret')), 100)
    },
  ],
]

test.each(failures)('a provider that %s closes the session, without a word of the inside', (_name, behaviour) =>
  withUpstream(async (other, bytes) => {
    bytes.behave(behaviour)
    const [code, reason] = (await once(open(other), 'close')) as [number, Buffer]
    expect({ code, reason: String(reason) }).toEqual({ code: 1011, reason: 'The provider could not be reached' })
    expect(await other.records(1, other.keyId)).toMatchObject([
      { operation: 'realtime.connect', outcome: 'upstream_failed', status: 101, allowed: true },
    ])
    expect(other.lines.join('')).not.toMatch(/secret|gpt-realtime|10\.0\.0\.1/)
  }),
)

test('a provider that nobody listens for closes the session', async () => {
  const lonely = await startProxy({
    database,
    env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
  const [code, reason] = (await once(open(lonely), 'close')) as [number, Buffer]
  expect({ code, reason: String(reason) }).toEqual({ code: 1011, reason: 'The provider could not be reached' })
  expect(await lonely.records(1, lonely.keyId)).toMatchObject([{ outcome: 'upstream_failed' }])
  expect(lonely.lines.join('')).not.toContain('gpt-realtime')
  await lonely.stop()
})

test('a handshake that is none is refused, and is not a session', async () => {
  const caller = await proxy.addCustomer()
  const before = handshakes.length
  const answer = await sendRaw(
    proxy.url,
    rawRequest('GET /v1/realtime?model=gpt-realtime', {
      authorization: `Bearer ${caller.token}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
    }),
  )
  expect(answer?.status).toBe(400)
  expect((await proxy.records(1, caller.keyId))[0]?.outcome).not.toBe('completed')
  expect(handshakes.length).toBe(before)
})

test.each([
  ['without a key', '/', false],
  ['without a key, at a session', '/v1/realtime?model=gpt-realtime', false],
  ['with a key', '/v1/realtime?model=gpt-realtime', true],
])('a client that resets its handshake %s ends nothing but itself', async (_name, path, authenticated) => {
  const caller = await proxy.addCustomer()
  const faults: unknown[] = []
  const note = (error: unknown) => void faults.push(error)
  process.on('uncaughtException', note)
  const { hostname, port } = new URL(proxy.url)
  const request = rawRequest(`GET ${path}`, {
    ...(authenticated && { authorization: `Bearer ${caller.token}` }),
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  })
  for (let i = 0; i < 30; i++) {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(request)
    await sleep(i % 5)
    socket.resetAndDestroy()
  }
  await sleep(200)
  process.off('uncaughtException', note)
  expect(faults).toEqual([])
})

test('either side ends the session of the other, with its own code', async () => {
  const caller = await proxy.addCustomer()
  const leaving = new WebSocket(address(), bearer(caller.token))
  await once(leaving, 'open')
  await echo(leaving, 'hello')
  const [theirs] = upstream.clients
  const closed = once(theirs ?? leaving, 'close')
  leaving.close(4000, 'done')
  expect((await closed).map(String)).toEqual(['4000', 'done'])

  const left = new WebSocket(address(), bearer(caller.token))
  await once(left, 'open')
  await echo(left, 'hello')
  for (const client of upstream.clients) client.close(1008, 'policy')
  expect((await once(left, 'close')).map(String)).toEqual(['1008', 'policy'])
  expect(await proxy.records(2, caller.keyId)).toMatchObject([{ outcome: 'completed' }, { outcome: 'completed' }])
})

test('a client that vanishes ends the session upstream', async () => {
  const caller = await proxy.addCustomer()
  const socket = new WebSocket(address(), bearer(caller.token))
  await once(socket, 'open')
  await echo(socket, 'hello')
  const [theirs] = upstream.clients
  const closed = once(theirs ?? socket, 'close')
  socket.terminate()
  await closed
  expect(await proxy.records(1, caller.keyId)).toMatchObject([{ operation: 'realtime.connect', status: 101 }])
})

test('a client that leaves before the provider answers ends the handshake', () =>
  withUpstream(async (other, bytes) => {
    const ended = new Promise<void>(resolve => bytes.behave(silent => void silent.once('close', () => resolve())))
    const socket = open(other)
    await once(socket, 'open')
    socket.terminate()
    await ended
    expect(await other.records(1, other.keyId)).toMatchObject([{ operation: 'realtime.connect', status: 101 }])
  }))

test('large messages and bytes pass whole', async () => {
  const socket = new WebSocket(address(), bearer(proxy.token))
  await once(socket, 'open')
  const bytes = Buffer.alloc(8 * 1024 * 1024, 'xyz')
  socket.send(bytes)
  const [data, binary] = (await once(socket, 'message')) as [Buffer, boolean]
  expect(binary).toBe(true)
  expect(data.equals(bytes)).toBe(true)
  socket.close()
})

test('a message larger than the limit ends the session', async () => {
  const other = await startProxy({
    database,
    env: {
      OPENAI_BASE_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
      BODY_LIMIT_BYTES: '100000',
    },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
  const socket = open(other)
  await once(socket, 'open')
  socket.send(Buffer.alloc(100_001))
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1009)
  expect(await other.records(1, other.keyId)).toMatchObject([{ outcome: 'completed' }])
  await other.stop()
})

test('a client is held back while the provider does not read', () =>
  withUpstream(async (other, bytes) => {
    bytes.behave((socket, request) => {
      accept(socket, request)
      socket.pause()
    })
    const socket = open(other)
    socket.on('error', () => {})
    await once(socket, 'open')
    const message = Buffer.alloc(262_144, 'x')
    let sent = 0
    let waited = 0
    while (waited < 500 && sent < 256 * 1024 * 1024) {
      if (socket.bufferedAmount > 1_048_576) {
        await sleep(50)
        waited += 50
      } else {
        waited = 0
        sent += message.length
        socket.send(message)
        await sleep(0)
      }
    }
    expect(sent).toBeLessThan(64 * 1024 * 1024)
    socket.terminate()
  }))

test('a client that does not answer the goodbye does not keep the proxy from stopping', async () => {
  const other = await startProxy({
    database,
    env: {
      OPENAI_BASE_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
      SHUTDOWN_TIMEOUT_MS: '500',
    },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
  const { hostname, port } = new URL(other.url)
  const deaf = connect(Number(port), hostname)
  deaf.on('error', () => {})
  deaf.write(
    rawRequest('GET /v1/realtime?model=gpt-realtime', {
      authorization: `Bearer ${other.token}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }),
  )
  const [begin] = (await once(deaf, 'data')) as [Buffer]
  expect(String(begin)).toMatch(/^HTTP\/1.1 101/)
  const began = Date.now()
  await other.stop()
  expect(Date.now() - began).toBeLessThan(8000)
  expect(await other.records(1, other.keyId)).toMatchObject([{ outcome: 'completed', status: 101 }])
  deaf.destroy()
})

test('told to stop, the proxy lets a session end by itself, or says goodbye at the deadline', async () => {
  const other = await startProxy({
    database,
    env: {
      OPENAI_BASE_URL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
      SHUTDOWN_TIMEOUT_MS: '1000',
    },
    policies: { allowed_operations: { operations: ['realtime.*'] } },
  })
  const realtime = `${other.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`
  const [ending, staying] = [new WebSocket(realtime, bearer(other.token)), new WebSocket(realtime, bearer(other.token))]
  await Promise.all([once(ending, 'open'), once(staying, 'open')])
  const closed = once(staying, 'close')
  const stopped = other.stop()
  await sleep(200)
  expect(await echo(ending, 'still here')).toBe('still here')
  ending.close(1000)
  const [code] = (await closed) as [number]
  expect(code).toBe(1001)
  await stopped
})

test('pings of a client are answered here, and reach no provider that does not read', async () => {
  const socket = new WebSocket(address(), bearer(proxy.token))
  await once(socket, 'open')
  const [provider] = [...upstream.clients].slice(-1)
  let control = 0
  for (const event of ['ping', 'pong'] as const) provider?.on(event, () => control++)
  for (let i = 0; i < 100; i++) socket.pong('unasked')
  socket.ping('here')
  const [answer] = (await once(socket, 'pong')) as [Buffer]
  expect(String(answer)).toBe('here')
  expect(await echo(socket, 'done')).toBe('done')
  expect(control).toBe(0)
  socket.close()
})

// A client that leaves while a stage of its call waits: nothing is sent to a provider, and the call is on record once.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import { Agent } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { providerAt } from '../../providers/configure.ts'
import { providers } from '../../providers/index.ts'
import type { Journal } from '../../src/audit/journal.ts'
import { type CallParts, governedCall } from '../../src/call/index.ts'
import type { DecisionRecord, OutcomeRecord } from '../../src/contracts/record.ts'
import { createErrorHandler } from '../../src/error-handler.ts'
import { createInspector, type Inspector } from '../../src/inspection/inspector.ts'
import { verdictOf } from '../../src/limits/limiter.ts'
import { createModelRouter } from '../../src/routing/route-model.ts'
import { rawRequest } from '../fakes/raw-http.ts'
import { startRecorder } from '../fakes/recorder.ts'
import { policyOf } from '../policy/facts.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const principal = {
  customerId: randomUUID(),
  keyId: randomUUID(),
  keyName: '',
  keyCreatedAt: 0,
  customerEmail: 'a@example.com',
  scopes: [],
}

let upstream: Awaited<ReturnType<typeof startRecorder>>
beforeEach(async () => {
  upstream = await startRecorder()
})
afterEach(() => upstream.stop())

type Waiting = 'keyring' | 'policies' | 'limiter' | 'monthCosts' | 'inspector'

/** A governed proxy that keeps its records in memory, one part of which answers only when it is told to. */
async function startWith(slow: Waiting | null) {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const opened = new Map<string, DecisionRecord>()
  const records: (DecisionRecord & OutcomeRecord)[] = []
  const enter = async (decision: DecisionRecord, outcome: OutcomeRecord) => {
    records.push({ ...decision, ...outcome })
  }
  const journal: Pick<Journal, 'open' | 'close' | 'enter'> = {
    async open(decision) {
      opened.set(decision.id, decision)
    },
    close(id, outcome) {
      const decision = opened.get(id)
      if (decision !== undefined) void enter(decision, outcome)
    },
    enter,
  }
  function answer<T>(part: Waiting, value: T) {
    if (part !== slow) return value
    reach()
    return released.then(() => value)
  }
  const openai = providers.find(({ id }) => id === 'openai')
  if (openai === undefined) throw new Error('There is no such provider')
  const configured = [providerAt(openai, upstream.url, 'key')]
  const policy = policyOf({
    allowed_operations: { operations: ['*'] },
    block_external_models: { enabled: false },
    block_uninspectable_content: { enabled: false },
    rules: { rules: [{ id: 'budget', when: 'usage.month_cost > 1000.0', effect: { score: 100 } }] },
  })
  const inspector = createInspector({ log })
  const parts = {
    keyring: { authenticate: () => answer('keyring', principal) },
    policies: { of: () => answer('policies', policy) },
    limiter: { take: () => answer('limiter', verdictOf(policy.rateLimit, 0)) },
    monthCosts: { of: () => answer('monthCosts', 0) },
    inspector: {
      ...inspector,
      inspect: (...given: Parameters<Inspector['inspect']>) => answer('inspector', inspector.inspect(...given)),
    },
    journal,
    price: () => null,
    router: createModelRouter(configured, { defaultProvider: null, known: providers }),
    providers: configured,
    upstream: new Agent(),
    log,
    bodyLimit: 1_000_000,
    uploadLimit: 1_000_000,
    inspectionLimit: 1_000_000,
    answerInspectionLimit: 0,
    connectionWaitMs: 10_000,
    unreadLimitMs: 10_000,
    shutdownTimeoutMs: 1_000,
  } as unknown as CallParts
  const app = Fastify({ genReqId: () => randomUUID() })
  app.server.on('connection', socket => socket.on('error', () => {}))
  app.setErrorHandler(createErrorHandler(() => {}))
  app.register(governedCall(parts))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: (app.server.address() as AddressInfo).port,
    records,
    reached,
    release,
    stop: () => app.close(),
  }
}

const headers = { authorization: 'Bearer key' }
const chat = rawRequest(
  'POST /v1/chat/completions',
  { ...headers, 'content-type': 'application/json' },
  '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello!"}]}',
)
const download = rawRequest('GET /v1/files/file-1/content', headers)
const session = rawRequest('GET /v1/realtime?model=gpt-realtime', {
  ...headers,
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
})

const calls: [name: string, request: Buffer][] = [
  ['judged', chat],
  ['piped', download],
  ['a session', session],
]
const stages: Waiting[] = ['keyring', 'policies', 'limiter', 'monthCosts', 'inspector']

test.each(calls)('a call that is %s reaches the provider when its client stays', async (_name, request) => {
  const proxy = await startWith(null)
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(request)
  await once(socket, 'data')
  await expect.poll(() => upstream.requests.length).toBe(1)
  socket.destroy()
  await expect.poll(() => proxy.records.length).toBe(1)
  await proxy.stop()
})

test.each(stages.flatMap(stage => calls.map(([name, request]) => [stage, name, request] as const)))(
  'a client that leaves while the %s is waited for, its call %s',
  async (stage, _name, request) => {
    const proxy = await startWith(stage)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(request)
    await proxy.reached
    socket.resetAndDestroy()
    await sleep(30)
    proxy.release()
    await sleep(50)
    expect(upstream.requests).toEqual([])
    // Before the key is known there is nobody to record.
    expect(proxy.records.map(({ outcome, allowed }) => ({ outcome, allowed }))).toEqual(
      stage === 'keyring' ? [] : [{ outcome: 'client_aborted', allowed: false }],
    )
    await proxy.stop()
  },
)

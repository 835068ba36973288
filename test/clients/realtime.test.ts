import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { LLMock } from '@copilotkit/aimock'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selfSigned } from '../fakes/certificate.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: LLMock
let proxy: Awaited<ReturnType<typeof startProxy>>
let front: ReturnType<typeof createServer>
let baseURL: string

// The SDK opens realtime sessions over TLS only, so one ends before the proxy, as a load balancer does it.
beforeAll(async () => {
  database = await testDatabase()
  upstream = new LLMock({ port: 0 })
  await upstream.start()
  upstream.onMessage('hello', { content: 'Hi there!' })
  proxy = await startProxy({ database, env: { OPENAI_BASE_URL: `${upstream.url}/v1` } })
  const { hostname, port } = new URL(proxy.url)
  front = createServer(selfSigned(), socket => {
    const inner = connect(Number(port), hostname)
    for (const side of [socket, inner]) side.on('error', () => {})
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
  const address = front.address()
  baseURL = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`
})
afterAll(async () => {
  front.close()
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

const session = (apiKey: string) =>
  new OpenAIRealtimeWS(
    { model: 'gpt-realtime', options: { rejectUnauthorized: false } },
    new OpenAI({ baseURL, apiKey }),
  )

test('a realtime session, where it is allowed', async () => {
  const caller = await proxy.addCustomer({ allowed_operations: { operations: ['realtime.*'] } })
  const realtime = session(caller.token)
  const text = await new Promise<string>((resolve, reject) => {
    let words = ''
    realtime.on('error', reject)
    realtime.on('session.created', () => {
      realtime.send({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
      })
      realtime.send({ type: 'response.create' })
    })
    realtime.on('response.output_text.delta', ({ delta }) => {
      words += delta
    })
    realtime.on('response.done', () => resolve(words))
  })
  expect(text).toBe('Hi there!')
  realtime.close()
  expect(await proxy.records(1, caller.keyId)).toMatchObject([
    { operation: 'realtime.connect', model: 'gpt-realtime', outcome: 'completed', allowed: true, inputTokens: null },
  ])
})

test('is refused at first', async () => {
  const caller = await proxy.addCustomer()
  const refused = await new Promise<Error>(resolve => session(caller.token).on('error', resolve))
  expect(String(refused.cause ?? refused)).toContain('403')
  expect(await proxy.records(1, caller.keyId)).toMatchObject([{ outcome: 'policy_refused', status: 403 }])
})

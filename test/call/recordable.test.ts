// Nothing that a caller sends, a provider answers or an owner chose may keep a call from being recorded.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({ database, env: { OPENAI_BASE_URL: upstream.url } })
})

afterEach(() => {
  for (const line of proxy.lines) expect(line).not.toContain('no shape')
})

afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

async function post(path: string, body: unknown, token: string) {
  const response = await fetch(`${proxy.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as { error?: { param: string } } }
}

describe('names that have no place in the record', () => {
  test.each(['a"b', 'a\\b', 'a{b}', 'alice@example.com'])('%s is refused as a model', async model => {
    const { token, keyId } = await proxy.addCustomer()
    for (const [path, body] of [
      ['/v1/chat/completions', { model, messages: [] }],
      ['/v1/check', { model, operation: 'classify' }],
    ] as const) {
      expect(await post(path, body, token)).toMatchObject({ status: 400, body: { error: { param: 'model' } } })
    }
    const records = await proxy.records(2, keyId)
    expect(records.map(({ outcome, reason, model: kept }) => [outcome, reason, kept])).toEqual(
      Array(2).fill(['invalid_request', 'invalid_value', null]),
    )
  })

  test('an operation that names someone is refused', async () => {
    const { token } = await proxy.addCustomer()
    const answer = await post('/v1/check', { model: 'gpt-4o', operation: '078-05-1120' }, token)
    expect(answer).toMatchObject({ status: 400, body: { error: { param: 'operation' } } })
  })
})

test.each([
  ['negative', -5],
  ['fractional', 1.5],
  ['huge', 1e300],
  ['a text', 'many'],
])('usage that is %s is left out, and the outcome is kept', async (_kind, tokens) => {
  const { token, keyId } = await proxy.addCustomer()
  upstream.respond((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [], usage: { prompt_tokens: tokens, completion_tokens: 2 } }))
  })
  expect((await post('/v1/chat/completions', { model: 'gpt-4o', messages: [] }, token)).status).toBe(200)
  const [record] = await proxy.records(1, keyId)
  expect(record).toMatchObject({ outcome: 'completed', status: 200, inputTokens: null, outputTokens: 2, costUsd: null })
})

test("words of an owner that are too long, or that nobody could print, don't stop its calls", async () => {
  const { token, keyId, customerId } = await proxy.addCustomer()
  await database.prisma.apiKey.update({ where: { id: keyId }, data: { name: `\u0001"${'é'.repeat(500)}` } })
  await database.prisma.customer.update({
    where: { id: customerId },
    data: { email: `${'x'.repeat(400)}@example.com` },
  })
  expect((await post('/v1/check', { model: 'gpt-4o', operation: 'classify' }, token)).status).toBe(200)
  const [record] = await proxy.records(1, keyId)
  expect(record?.meta).toMatchObject({
    caller: { key_name: expect.stringMatching(/^.{320}$/u), customer_email: expect.stringMatching(/^x{320}$/) },
  })
})

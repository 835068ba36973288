import { afterAll, beforeAll, expect, test } from 'vitest'
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
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

async function inspect(body: unknown, token = proxy.token) {
  const response = await fetch(`${proxy.url}/api/inspect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('counts what it finds, judges it, and records it like a call', async () => {
  const caller = await proxy.addCustomer()
  const { status, body } = await inspect({ input: 'Write to alice@example.com and bob@example.com' }, caller.token)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    personal_data: { types: { email: 2 }, uncertain: {} },
    secrets: {},
    custom: {},
    uninspectable_content: [],
    uninspected_characters: 0,
    characters: 46,
    allowed: false,
    risk_score: 70,
    reasons: ['contains_personal_data'],
  })
  const [row] = await proxy.records(1, caller.keyId)
  expect(row).toMatchObject({
    id: body.decision_id,
    source: 'inspect',
    operation: 'inspect',
    allowed: false,
    riskScore: 70,
    meta: { source: 'inspect', personal_data: { types: { email: 2 } } },
  })
})

test('takes a list of texts, or messages', async () => {
  expect((await inspect({ input: ['a@example.com', 'b@example.com'] })).body).toMatchObject({
    personal_data: { types: { email: 2 } },
  })
  const messages = [
    { role: 'system', content: 'a@example.com' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'b@exam' },
        { type: 'text', text: 'ple.com' },
      ],
    },
  ]
  expect((await inspect({ input: messages })).body).toMatchObject({ personal_data: { types: { email: 2 } } })
})

test('knows the customer’s own detectors, in long texts, too', async () => {
  const { token } = await proxy.addCustomer({
    custom_detectors: { detectors: [{ type: 'code_name', pattern: 'PRJ-[A-Z]+', score: 30 }] },
  })
  for (const words of [1, 10_000]) {
    const { body } = await inspect({ input: `${'word '.repeat(words)} PRJ-FALCON` }, token)
    expect(body).toMatchObject({ custom: { code_name: 1 }, allowed: true, risk_score: 30, reasons: ['custom_finding'] })
  }
})

test('refuses what is not asked for, and names it', async () => {
  expect(await inspect({})).toMatchObject({ status: 400, body: { error: { param: 'input' } } })
  expect((await inspect({ input: 'x', text: 'y' })).status).toBe(400)
  expect((await inspect({ input: 'x' }, 'api_wrong')).status).toBe(401)
})

test('an answer is looked into when it is over, and recorded beside what was judged', async () => {
  const caller = await proxy.addCustomer()
  upstream.respond((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [{ message: { content: 'Ask bob@example.com, or carol@example.com.' } }] }))
  })
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Whom may I ask?' }] }),
  })
  expect(response.status).toBe(200)
  await response.text()
  const [row] = await proxy.records(1, caller.keyId)
  expect(row).toMatchObject({
    meta: { personal_data: { types: {} } },
    response: { characters: 42, personal_data: { types: { email: 2 }, uncertain: {} }, uninspected_characters: 0 },
  })
})

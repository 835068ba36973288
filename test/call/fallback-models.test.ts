// A list of models to fall back on, which the policy's list of models does not judge: an allowed `model` would carry it
// past.
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

const narrow = { allowed_models: { models: ['gpt-4o'] } }
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }

async function post(path: string, token: string, body: object | FormData) {
  const isForm = body instanceof FormData
  const before = upstream.requests.length
  const response = await fetch(`${proxy.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  })
  const { error = null } = (await response.json()) as { error?: unknown }
  return { status: response.status, error, sent: upstream.requests.slice(before) }
}

const refused = {
  status: 400,
  error: {
    code: 'invalid_value',
    param: 'models',
    message: 'The field "models" lets the provider choose a model, and policy permits some models only. Name one.',
  },
  sent: [],
}

test.each([
  ['a list', '/v1/chat/completions', { models: ['x-ai/grok-4'] }],
  ['an empty list', '/v1/chat/completions', { models: [] }],
  ['a name', '/v1/chat/completions', { models: 'x-ai/grok-4' }],
  ['a list for responses', '/v1/responses', { models: ['x-ai/grok-4'] }],
])('%s is refused where policy permits some models only', async (_what, path, more) => {
  const { token } = await proxy.addCustomer(narrow)
  expect(await post(path, token, { ...chat, input: 'Hello', ...more })).toMatchObject(refused)
})

test.each(['models', 'models[]', 'models[0]'])('so is one in a form: %s', async name => {
  const { token } = await proxy.addCustomer({ ...narrow, block_uninspectable_content: { enabled: false } })
  const form = new FormData()
  form.set('model', 'gpt-4o')
  form.set(name, 'x-ai/grok-4')
  expect(await post('/v1/audio/transcriptions', token, form)).toMatchObject(refused)
})

test('nothing is refused where none is given, or where every model is permitted', async () => {
  const { token } = await proxy.addCustomer(narrow)
  expect(await post('/v1/chat/completions', token, { ...chat, models: null })).toMatchObject({ status: 200 })
  expect(await post('/v1/chat/completions', token, { ...chat, metadata: { models: 'a' } })).toMatchObject({
    status: 200,
  })
  const { status, sent } = await post('/v1/chat/completions', proxy.token, { ...chat, models: ['x-ai/grok-4'] })
  expect(status).toBe(200)
  expect(JSON.parse(String(sent[0]?.body))).toMatchObject({ models: ['x-ai/grok-4'] })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let outside: Awaited<ReturnType<typeof startRecorder>>
let inside: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

const list = (...ids: string[]) => JSON.stringify({ object: 'list', data: ids.map(id => ({ id, object: 'model' })) })

beforeAll(async () => {
  database = await testDatabase()
  outside = await startRecorder()
  inside = await startRecorder()
  outside.respond((_request, response) => response.end(list('gpt-4o', 'some-new-thing')))
  inside.respond((_request, response) => response.end(list('llama3.2', 'gpt-4o')))
  proxy = await startProxy({ database, env: { OPENAI_BASE_URL: outside.url, OLLAMA_BASE_URL: inside.url } })
})
afterAll(async () => {
  await proxy.stop()
  await outside.stop()
  await inside.stop()
  await database.close()
})

async function modelsFor(token: string, headers: Record<string, string> = {}): Promise<string[]> {
  const response = await fetch(`${proxy.url}/v1/models`, { headers: { authorization: `Bearer ${token}`, ...headers } })
  expect(response.status).toBe(200)
  const { data } = (await response.json()) as { data: { id: string }[] }
  return data.map(({ id }) => id).toSorted()
}

test('every provider is listed, under names that lead back to it', async () => {
  const { token } = await proxy.addCustomer()
  expect(await modelsFor(token)).toEqual(['gpt-4o', 'llama3.2', 'ollama/gpt-4o', 'openai/some-new-thing'])
})

const unapproved = { approved_providers: [] }
const rule = (when: string, effect: unknown = 'block') => ({ rules: { rules: [{ id: 'own', when, effect }] } })
const everything = ['gpt-4o', 'llama3.2', 'ollama/gpt-4o', 'openai/some-new-thing']
const local = ['llama3.2', 'ollama/gpt-4o']

const policies: [string, Partial<Record<PolicyKey, unknown>>, string[]][] = [
  ['a provider is not approved', { block_external_models: unapproved }, local],
  ['none needs to be', { block_external_models: { ...unapproved, enabled: false } }, everything],
  ['the threshold is above', { block_external_models: unapproved, risk_threshold: { threshold: 60 } }, everything],
  ['it scores too little', { block_external_models: { ...unapproved, score: 10 } }, everything],
  ['some models are allowed', { allowed_models: { models: ['llama*', 'openai/gpt-*'] } }, ['gpt-4o', 'llama3.2']],
  ['a rule blocks a model', rule('call.model == "gpt-4o"'), ['llama3.2', 'openai/some-new-thing']],
  ['a rule blocks chats', rule('call.operation == "chat.completions.create"'), []],
  [
    'a rule blocks chats without messages',
    rule('call.operation.startsWith("chat.") && call.messages == 0'),
    everything,
  ],
  [
    'a caller may not chat',
    {
      allowed_operations: { operations: ['models.list', 'embeddings.create'] },
      ...rule('call.operation == "embeddings.create" && call.model == "llama3.2"'),
    },
    ['gpt-4o', 'ollama/gpt-4o', 'openai/some-new-thing'],
  ],
]

test.each(policies)('models are listed to which a call would be let pass: %s', async (_where, documents, listed) => {
  const { token } = await proxy.addCustomer(documents)
  expect(await modelsFor(token)).toEqual(listed)
})

test('what the request declares of itself counts as in a call', async () => {
  const { token } = await proxy.addCustomer(rule('call.operation.startsWith("chat.")', { require: 'intent' }))
  expect(await modelsFor(token)).toEqual([])
  expect(await modelsFor(token, { 'x-governance-intent': 'classify' })).toEqual(everything)
})

test('a name is left out under which a call would be refused', async () => {
  const odd = await startRecorder()
  odd.respond((_request, response) => response.end(list('fine', 'a b', 'jane.doe@example.com', 'm'.repeat(260))))
  const other = await startProxy({ database, env: { OLLAMA_BASE_URL: odd.url } })
  try {
    const response = await fetch(`${other.url}/v1/models`, { headers: { authorization: `Bearer ${other.token}` } })
    const { data } = (await response.json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['fine'])
  } finally {
    await other.stop()
    await odd.stop()
  }
})

test('hundreds of models are listed in no time, once the provider has told them', async () => {
  const large = await startRecorder()
  const ids = Array.from({ length: 2000 }, (_, index) => `org-${index % 40}/model-${index}`)
  large.respond((_request, response) => response.end(list(...ids)))
  const other = await startProxy({ database, env: { OLLAMA_BASE_URL: large.url } })
  try {
    const rules = Array.from({ length: 20 }, (_, index) => ({
      id: `rule-${index}`,
      when: `call.model.startsWith("org-${index}/")`,
      effect: 'block',
    }))
    const { token } = await other.addCustomer({ rules: { rules } })
    const ask = async () => {
      const response = await fetch(`${other.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
      return ((await response.json()) as { data: unknown[] }).data
    }
    expect(await ask()).toHaveLength(1000)
    const before = performance.now()
    await ask()
    // Some 20 ms where nothing else runs.
    expect(performance.now() - before).toBeLessThan(500)
  } finally {
    await other.stop()
    await large.stop()
  }
})

test.each([
  ['/v1/models/openai/org/m1', 'GET', '/v1/models/org%2Fm1', 'org/m1'],
  ['/v1/models/openai%2Forg%2Fm1', 'GET', '/v1/models/org%2Fm1', 'org/m1'],
  ['/v1/models/openai/org/m1?x=1', 'DELETE', '/v1/models/org%2Fm1?x=1', 'org/m1'],
  ['/v1/models/gpt-4o', 'GET', '/v1/models/gpt-4o', 'gpt-4o'],
])('one is asked for under its name with a slash, encoded or not: %s', async (path, method, url, model) => {
  const { token, keyId } = await proxy.addCustomer({ allowed_operations: { operations: ['*'] } })
  const before = outside.requests.length
  const response = await fetch(`${proxy.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(200)
  expect(outside.requests.slice(before)).toMatchObject([{ method, url }])
  const operation = method === 'GET' ? 'models.retrieve' : 'models.delete'
  expect(await proxy.records(1, keyId)).toMatchObject([{ operation, provider: 'openai', model, allowed: true }])
})

test('policy judges a model that is asked for under a name with a slash', async () => {
  const { token } = await proxy.addCustomer({ allowed_models: { models: ['openai/gpt-*'] } })
  const ask = async (path: string) =>
    (await fetch(`${proxy.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
  expect([await ask('/v1/models/openai/gpt-4o'), await ask('/v1/models/openai/org/gpt-4o')]).toEqual([200, 403])
})

test('the description of the routes has each operation once', async () => {
  const { paths } = (await (await fetch(`${proxy.url}/docs/json`)).json()) as { paths: Record<string, object> }
  expect(Object.keys(paths).filter(path => path.startsWith('/v1/models'))).toEqual(['/v1/models', '/v1/models/{model}'])
})

test('a list that does not come is left out, and if none comes the call fails', async () => {
  const dead = await startProxy({
    database,
    env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OLLAMA_BASE_URL: inside.url },
  })
  const alone = await startProxy({ database, env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } })
  try {
    const ask = (url: string, token: string) =>
      fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
    const { data } = (await (await ask(dead.url, dead.token)).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['llama3.2', 'ollama/gpt-4o'])
    expect((await ask(alone.url, alone.token)).status).toBe(502)
  } finally {
    await dead.stop()
    await alone.stop()
  }
})

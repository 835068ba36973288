import { afterAll, beforeAll, expect, test } from 'vitest'
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

async function modelsFor(token: string): Promise<string[]> {
  const response = await fetch(`${proxy.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(200)
  const { data } = (await response.json()) as { data: { id: string }[] }
  return data.map(({ id }) => id).toSorted()
}

test('every provider is listed, under names that lead back to it', async () => {
  const { token } = await proxy.addCustomer()
  expect(await modelsFor(token)).toEqual(['gpt-4o', 'llama3.2', 'ollama/gpt-4o', 'openai/some-new-thing'])
})

test('a provider that is not approved is left out', async () => {
  const { token } = await proxy.addCustomer({ block_external_models: { approved_providers: [] } })
  expect(await modelsFor(token)).toEqual(['llama3.2', 'ollama/gpt-4o'])
})

test('models that policy does not allow are left out', async () => {
  const { token } = await proxy.addCustomer({ allowed_models: { models: ['llama*', 'openai/gpt-*'] } })
  expect(await modelsFor(token)).toEqual(['gpt-4o', 'llama3.2'])
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

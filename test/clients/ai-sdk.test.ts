import { createOpenAI } from '@ai-sdk/openai'
import { LLMock } from '@copilotkit/aimock'
import { embed, generateObject, generateText, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: LLMock
let proxy: Awaited<ReturnType<typeof startProxy>>
let provider: ReturnType<typeof createOpenAI>

beforeAll(async () => {
  database = await testDatabase()
  upstream = new LLMock({ port: 0 })
  await upstream.start()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: `${upstream.url}/v1` },
    policies: { rate_limit: { requests: 10_000 } },
  })
  provider = createOpenAI({ baseURL: `${proxy.url}/v1`, apiKey: proxy.token })
  const usage = { prompt_tokens: 3, completion_tokens: 4, input_tokens: 3, output_tokens: 4, total_tokens: 7 }
  upstream.onMessage('hello', { content: 'Hi there!', usage })
  upstream.onToolResult('call_weather', { content: 'It is sunny in Oslo.' })
  upstream.onMessage('weather', { toolCalls: [{ id: 'call_weather', name: 'weather', arguments: '{"city":"Oslo"}' }] })
  upstream.onMessage('person', { content: '{"name":"Ada"}' })
  upstream.onEmbedding('hello', { embedding: [0.5, 0.25] })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

describe.each(['chat', 'responses'] as const)('through %s', api => {
  const model = () => (api === 'chat' ? provider.chat('gpt-4o') : provider.responses('gpt-4o'))

  test('text', async () => {
    expect((await generateText({ model: model(), prompt: 'hello' })).text).toBe('Hi there!')
  })

  test('streamed text, with its usage', async () => {
    const { textStream, usage } = streamText({ model: model(), prompt: 'hello' })
    expect((await Array.fromAsync(textStream)).join('')).toBe('Hi there!')
    expect((await usage).inputTokens).toBeGreaterThan(0)
  })

  test('tools, to the answer', async () => {
    const { text } = await generateText({
      model: model(),
      prompt: 'weather',
      tools: { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny' }) },
      stopWhen: stepCountIs(3),
    })
    expect(text).toBe('It is sunny in Oslo.')
  })

  test('an object', async () => {
    const { object } = await generateObject({
      model: model(),
      prompt: 'person',
      schema: z.object({ name: z.string() }),
    })
    expect(object).toEqual({ name: 'Ada' })
  })
})

test('embeddings', async () => {
  const { embedding } = await embed({ model: provider.embedding('text-embedding-3-small'), value: 'hello' })
  expect(embedding).toEqual([0.5, 0.25])
})

test('a refusal is an error that is not retried', async () => {
  await expect(generateText({ model: provider.chat('gpt-4o'), prompt: 'ada@example.org' })).rejects.toMatchObject({
    statusCode: 403,
    isRetryable: false,
  })
})

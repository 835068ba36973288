import { LLMock } from '@copilotkit/aimock'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { toFile } from 'openai/uploads'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: LLMock
let proxy: Awaited<ReturnType<typeof startProxy>>
let caller: { token: string; keyId: string }
let openai: OpenAI

beforeAll(async () => {
  database = await testDatabase()
  upstream = new LLMock({ port: 0 })
  await upstream.start()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: `${upstream.url}/v1` },
    policies: { rate_limit: { requests: 10_000 } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})
beforeEach(async () => {
  upstream.reset()
  caller = await proxy.addCustomer()
  openai = clientOf(caller.token)
})

const clientOf = (apiKey: string) => new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey, maxRetries: 0 })
const hello = [{ role: 'user' as const, content: 'hello' }]
const rows = (count = 1) => proxy.records(count, caller.keyId)

describe('chat completions', () => {
  test('an answer, and its record', async () => {
    upstream.onMessage('hello', {
      content: 'Hi there!',
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    })
    const completion = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: hello, user: 'team-a' })
    expect(completion.choices[0]?.message.content).toBe('Hi there!')
    const [row] = await rows()
    expect(row).toMatchObject({
      source: 'proxy',
      operation: 'chat.completions.create',
      model: 'gpt-4o-mini',
      provider: 'openai',
      allowed: true,
      riskScore: 0,
      reason: 'ok',
      outcome: 'completed',
      status: 200,
      inputTokens: completion.usage?.prompt_tokens,
      outputTokens: completion.usage?.completion_tokens,
    })
    expect(Number(row?.costUsd)).toBeGreaterThan(0)
    expect(row?.meta).toMatchObject({ declared: { user: 'team-a' }, sizes: { messages: 1, characters: 11 } })
  })

  test('a stream, whose usage is recorded and not shown', async () => {
    upstream.onMessage('hello', { content: 'Hi there, how are you?' })
    const stream = await openai.chat.completions.create({ model: 'gpt-4o', messages: hello, stream: true })
    let text = ''
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      expect(chunk.usage ?? null).toBeNull()
      expect(chunk.choices.length).toBeGreaterThan(0)
    }
    expect(text).toBe('Hi there, how are you?')
    expect(upstream.getLastRequest()?.body).toMatchObject({ stream_options: { include_usage: true } })
    const [row] = await rows()
    expect(row).toMatchObject({
      outcome: 'completed',
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
    })
    expect(row?.meta).toMatchObject({ stream: true })
  })

  test('a stream whose usage the client asked for itself', async () => {
    upstream.onMessage('hello', { content: 'Hi' })
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await Array.fromAsync(stream)
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0)
  })

  test('tools, streamed or not', async () => {
    upstream.onMessage('weather', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Oslo"}' }] })
    const tools = [
      { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
    ]
    const messages = [{ role: 'user' as const, content: 'weather' }]
    const plain = await openai.chat.completions.create({ model: 'gpt-4o', messages, tools })
    expect(plain.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
    })
    const streamed = await openai.chat.completions.stream({ model: 'gpt-4o', messages, tools }).finalChatCompletion()
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"city":"Oslo"}' } })
    expect((await rows(2)).map(({ meta }) => meta)).toMatchObject([{ sizes: { tools: 1 } }, { sizes: { tools: 1 } }])
  })

  test('a stream that the client gives up ends upstream, and is recorded so', async () => {
    upstream.onMessage('hello', { content: 'word '.repeat(200) }, { latency: 50, chunkSize: 5 })
    const stream = await openai.chat.completions.create({ model: 'gpt-4o', messages: hello, stream: true })
    for await (const _chunk of stream) break
    expect(await rows()).toMatchObject([{ outcome: 'client_aborted', status: 200, inputTokens: null, costUsd: null }])
  })

  test('a call that takes longer than the client waits is recorded so', async () => {
    upstream.onMessage('hello', { content: 'late' }, { latency: 5000 })
    await expect(
      openai.chat.completions
        .create({ model: 'gpt-4o', messages: hello, stream: true }, { timeout: 300 })
        .then(async stream => Array.fromAsync(stream)),
    ).rejects.toThrow()
    expect(await rows()).toMatchObject([{ outcome: 'client_aborted', inputTokens: null }])
  })

  test('structured output', async () => {
    upstream.onMessage('extract', { content: '{"name":"Ada","age":36}' })
    const { choices } = await openai.chat.completions.parse({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'extract' }],
      response_format: zodResponseFormat(z.object({ name: z.string(), age: z.number() }), 'person'),
    })
    expect(choices[0]?.message.parsed).toEqual({ name: 'Ada', age: 36 })
  })
})

describe('other operations', () => {
  test('responses, streamed or not', async () => {
    upstream.onMessage('hello', { content: 'Hi from responses' })
    const response = await openai.responses.create({ model: 'gpt-4o', input: 'hello' })
    expect(response.output_text).toBe('Hi from responses')
    const events = await Array.fromAsync(
      await openai.responses.create({ model: 'gpt-4o', input: 'hello', stream: true }),
    )
    expect(events.at(-1)?.type).toBe('response.completed')
    const found = await rows(2)
    expect(found).toMatchObject(
      Array(2).fill({ operation: 'responses.create', inputTokens: expect.any(Number), outcome: 'completed' }),
    )
  })

  test('embeddings', async () => {
    upstream.onEmbedding('hello', { embedding: [0.25, -0.5, 1] })
    const { data } = await openai.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'hello',
      encoding_format: 'float',
    })
    expect(data[0]?.embedding).toEqual([0.25, -0.5, 1])
    expect(await rows()).toMatchObject([{ operation: 'embeddings.create', outcome: 'completed' }])
  })

  test('images', async () => {
    upstream.onImage('a cat', { image: { url: 'https://example.com/cat.png' } })
    const { data } = await openai.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })
    expect(data?.[0]?.url).toBe('https://example.com/cat.png')
  })

  test('speech and transcription, the latter by its multipart fields', async () => {
    upstream.onSpeech('hello', { audio: Buffer.from('sound').toString('base64'), format: 'mp3' })
    upstream.onTranscription({ transcription: { text: 'hello' } })
    const speech = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello' })
    expect(Buffer.from(await speech.arrayBuffer()).toString()).toBe('sound')
    const { text } = await openai.audio.transcriptions.create({
      model: 'whisper-1',
      file: await toFile(Buffer.from('sound'), 'a.mp3'),
    })
    expect(text).toBe('hello')
    const [, transcription] = await rows(2)
    expect(transcription).toMatchObject({
      operation: 'audio.transcriptions.create',
      model: 'whisper-1',
      provider: 'openai',
    })
    expect(transcription?.meta).toMatchObject({ uninspectable_content: ['audio'], sizes: { audio: 1 } })
  })

  test('moderations and models', async () => {
    upstream.onModerate('hello', { flagged: false, categories: {} })
    const { results } = await openai.moderations.create({ model: 'omni-moderation-latest', input: 'hello' })
    expect(results[0]?.flagged).toBe(false)
    const models = await Array.fromAsync(openai.models.list())
    expect(models.length).toBeGreaterThan(0)
  })

  test('batches, fine-tuning and assistants are refused at first', async () => {
    const refusals = await Promise.allSettled([
      openai.batches.create({ input_file_id: 'file-1', endpoint: '/v1/responses', completion_window: '24h' }),
      openai.fineTuning.jobs.create({ model: 'gpt-4o-mini', training_file: 'file-1' }),
      openai.vectorStores.list(),
    ])
    expect(refusals.map(refusal => refusal.status === 'rejected' && refusal.reason)).toMatchObject(
      Array(3).fill({ status: 403, code: 'operation_not_allowed' }),
    )
    expect(await rows(3)).toMatchObject(Array(3).fill({ outcome: 'policy_refused', status: 403, allowed: false }))
    expect(upstream.getRequests()).toEqual([])
  })

  test('files are refused at first, and pass byte for byte where they are allowed', async () => {
    const file = () => toFile(Buffer.from('{"a":1}\n'), 'a.jsonl')
    const refused = await openai.files.create({ purpose: 'batch', file: await file() }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OpenAI.PermissionDeniedError)
    expect(refused).toMatchObject({ status: 403, code: 'operation_not_allowed', type: 'policy_violation' })
    expect(String(refused)).toContain('allowed_operations')

    const trusted = await proxy.addCustomer({ allowed_operations: { operations: ['files.*'] } })
    const uploaded = await clientOf(trusted.token).files.create({ purpose: 'batch', file: await file() })
    expect(uploaded).toMatchObject({ object: 'file', filename: 'a.jsonl' })
    const content = await clientOf(trusted.token).files.content(uploaded.id)
    expect(await content.text()).toBe('{"a":1}\n')
    const [create] = await proxy.records(2, trusted.keyId)
    expect(create?.meta).toMatchObject({ uninspectable_content: ['upload'] })
  })
})

describe('errors', () => {
  test.each([400, 401, 404, 409, 422, 429, 500, 503])("the provider's %i keeps its status and body", async status => {
    upstream.onMessage('hello', {
      error: { message: 'from the provider', type: 'some_type', code: 'some_code' },
      status,
    })
    const error = await openai.chat.completions.create({ model: 'gpt-4o', messages: hello }).catch((e: unknown) => e)
    expect(error).toMatchObject({ status, error: { message: 'from the provider' } })
    expect(await rows()).toMatchObject([{ outcome: 'upstream_error', status, allowed: true, inputTokens: null }])
  })

  test('what an SDK retries is recorded each time', async () => {
    upstream.onMessage('hello', { error: { message: 'busy' }, status: 503 })
    const retrying = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: caller.token, maxRetries: 2 })
    await expect(retrying.chat.completions.create({ model: 'gpt-4o', messages: hello })).rejects.toMatchObject({
      status: 503,
    })
    expect(await rows(3)).toHaveLength(3)
  })

  test('a refusal by policy is not retried, and says what to do', async () => {
    const retrying = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: caller.token, maxRetries: 2 })
    const error = await retrying.chat.completions
      .create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'write to ada@example.org' }] })
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError)
    expect(error).toMatchObject({
      code: 'contains_personal_data',
      error: { risk_score: 70, decision_id: expect.any(String) },
    })
    expect(String(error)).toContain('Remove 1 e-mail address.')
    expect(upstream.getRequests()).toEqual([])
    expect(await rows()).toHaveLength(1)
  })

  test('an unapproved provider is refused, with the way to approve it', async () => {
    const stranger = await proxy.addCustomer({ block_external_models: { approved_providers: [] } })
    const error = await clientOf(stranger.token)
      .chat.completions.create({ model: 'gpt-4o', messages: hello })
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ status: 403, code: 'external_model' })
    expect(String(error)).toContain('npm run policy -- approve')
  })

  test('a large body that is refused unread still gets its answer', async () => {
    const large = await toFile(Buffer.alloc(64 * 1024 * 1024), 'a.jsonl')
    await expect(openai.files.create({ purpose: 'batch', file: large })).rejects.toMatchObject({
      status: 403,
      code: 'operation_not_allowed',
    })
    await expect(clientOf('sk-wrong').files.create({ purpose: 'batch', file: large })).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
    await expect(openai.audio.transcriptions.create({ model: 'whisper-1', file: large })).rejects.toMatchObject({
      status: 413,
      code: 'body_too_large',
    })
    expect(upstream.getRequests()).toEqual([])
  })

  test('a wrong key', async () => {
    await expect(
      clientOf('sk-wrong').chat.completions.create({ model: 'gpt-4o', messages: hello }),
    ).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  })

  test('the limit, which an SDK waits for', async () => {
    const hasty = await proxy.addCustomer({ rate_limit: { requests: 4, window_seconds: 1 } })
    upstream.onMessage('hello', { content: 'Hi' })
    const once = clientOf(hasty.token)
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => once.chat.completions.create({ model: 'gpt-4o', messages: hello })),
    )
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const result of refused) expect(result).toMatchObject({ reason: expect.any(OpenAI.RateLimitError) })
    const patient = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: hasty.token, maxRetries: 2 })
    await expect(patient.chat.completions.create({ model: 'gpt-4o', messages: hello })).resolves.toBeDefined()
  })
})

import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDemoProvider } from '../../providers/demo/index.ts'

const secret = 'CANARY-7f3a'
const messages = [{ role: 'user' as const, content: `${secret} `.repeat(10) }]

let demo: Awaited<ReturnType<typeof startDemoProvider>>
let client: OpenAI

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of stream) all.push(each)
  return all
}

beforeAll(async () => {
  demo = await startDemoProvider({ pauseMs: 1 })
  client = new OpenAI({ baseURL: demo.url, apiKey: 'unused', maxRetries: 0 })
})
afterAll(() => demo.stop())

test('listens on the loopback interface only', () => {
  expect(demo.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/)
  expect(demo.provider).toMatchObject({ id: 'demo', baseUrl: demo.url, basePath: '/v1', external: false, apiKey: null })
})

describe('chat.completions.create', () => {
  test('answers, says what it is, and does not repeat what it was told', async () => {
    const { choices, usage, model } = await client.chat.completions.create({ model: 'any', messages })
    expect(model).toBe('any')
    expect(choices[0]?.finish_reason).toBe('stop')
    expect(choices[0]?.message.content).toMatch(/not a model.*OPENAI_API_KEY/s)
    expect(JSON.stringify(choices)).not.toContain(secret)
    expect(usage?.prompt_tokens).toBe(Math.ceil((120 + 'user'.length) / 4))
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0))
  })

  test('streams the same text, piece by piece', async () => {
    const whole = await client.chat.completions.create({ model: 'any', messages })
    const stream = client.chat.completions.stream({ model: 'any', messages })
    const pieces: string[] = []
    stream.on('content', piece => pieces.push(piece))
    expect(await stream.finalContent()).toBe(whole.choices[0]?.message.content)
    expect(pieces.length).toBeGreaterThan(20)
  })

  test.each([true, false])('reports usage in a stream if asked: %s', async include_usage => {
    const stream = await client.chat.completions.create({
      model: 'any',
      messages,
      stream: true,
      stream_options: { include_usage },
    })
    const chunks = await collect(stream)
    const withUsage = chunks.filter(({ usage }) => usage !== null && usage !== undefined)
    expect(withUsage).toHaveLength(include_usage ? 1 : 0)
    expect(chunks.at(-1)?.choices.length).toBe(include_usage ? 0 : 1)
    expect(chunks.some(chunk => 'usage' in chunk)).toBe(include_usage)
  })

  test('stopping does not wait for open streams', async () => {
    const slow = await startDemoProvider({ pauseMs: 60_000 })
    const { body } = await fetch(`${slow.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'any', messages, stream: true }),
    })
    const reader = body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    await slow.stop()
    await expect(reader?.read()).rejects.toThrow()
  })
})

describe('responses.create', () => {
  test('answers', async () => {
    const response = await client.responses.create({ model: 'any', input: secret, instructions: secret })
    expect(response.status).toBe('completed')
    expect(response.output_text).toContain('not a model')
    expect(JSON.stringify(response)).not.toContain(secret)
    expect(response.usage?.input_tokens).toBe(3)
  })

  test('streams the events in their order, numbered', async () => {
    const stream = await client.responses.create({ model: 'any', input: 'hello', stream: true })
    const events = await collect(stream)
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_event, index) => index))
    const types = events.map(({ type }) => type)
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  test('the SDK’s own stream helper puts it together', async () => {
    const final = await client.responses.stream({ model: 'any', input: 'hello' }).finalResponse()
    expect(final.output_text).toContain('not a model')
    expect(final.usage?.output_tokens).toBeGreaterThan(10)
  })
})

test('completions.create answers and streams', async () => {
  const whole = await client.completions.create({ model: 'any', prompt: 'hello' })
  const stream = await client.completions.create({
    model: 'any',
    prompt: 'hello',
    stream: true,
    stream_options: { include_usage: true },
  })
  const chunks = await collect(stream)
  expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(whole.choices[0]?.text)
  expect(chunks.at(-1)?.usage).toEqual(whole.usage)
})

describe('embeddings.create', () => {
  const embed = (input: string | string[], rest = {}) => client.embeddings.create({ model: 'any', input, ...rest })

  test('the same input has the same vector of length one, in either encoding', async () => {
    const [floats, base64] = await Promise.all([
      embed(['a', 'b'], { encoding_format: 'float', dimensions: 8 }),
      embed(['a', 'b'], { dimensions: 8 }),
    ])
    expect(base64.data).toEqual(floats.data)
    const [a, b] = floats.data
    expect(a?.embedding).toHaveLength(8)
    expect(a?.embedding).not.toEqual(b?.embedding)
    expect(Math.hypot(...(a?.embedding ?? []))).toBeCloseTo(1)
  })

  test('base64 is sent as base64', async () => {
    const { data } = await embed('a', { encoding_format: 'base64' })
    const embedding: unknown = data[0]?.embedding
    expect(Buffer.from(String(embedding), 'base64')).toHaveLength(1536 * 4)
  })

  test('impossible sizes are refused', async () => {
    await expect(embed('a', { dimensions: -1 })).rejects.toMatchObject({ status: 400 })
    await expect(embed('a', { dimensions: 1e9 })).rejects.toMatchObject({ status: 400 })
  })
})

test('moderations.create flags nothing, one result an input', async () => {
  const { results } = await client.moderations.create({ input: ['a', 'b'] })
  expect(results.map(({ flagged }) => flagged)).toEqual([false, false])
  expect(results[0]?.categories['self-harm/intent']).toBe(false)
})

test('models.list has the one model, and models.retrieve no other', async () => {
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['demo'])
  expect(await client.models.retrieve('demo')).toMatchObject({ id: 'demo', object: 'model' })
  await expect(client.models.retrieve('other')).rejects.toMatchObject({ status: 404 })
})

test('what it does not offer, and what it cannot read, is answered in OpenAI’s shape', async () => {
  await expect(client.files.list()).rejects.toMatchObject({ status: 404, type: 'invalid_request_error' })
  const broken = await fetch(`${demo.url}/chat/completions`, { method: 'POST', body: '{}' })
  expect(broken.status).toBe(400)
  const empty = client.chat.completions.create(JSON.parse('{"model":"x"}'))
  await expect(empty).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' })
})

/** Answers as providers send them: OpenAI's shapes, and the variants of those that speak its API. */
type Transcript = { body: string; usage: [number | null, number | null, number | null] | null }

const events = (...data: (object | string)[]) =>
  data.map(item => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`).join('')

const named = (...data: { type: string }[]) =>
  data.map(item => `event: ${item.type}\ndata: ${JSON.stringify(item)}\n\n`).join('')

const chunk = (content: string, extra: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1694268190,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  ...extra,
})

const chatUsage = {
  prompt_tokens: 19,
  completion_tokens: 10,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
}

const responseUsage = {
  input_tokens: 37,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 11,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 48,
}

const lyingSchema = {
  type: 'function',
  name: 'report',
  parameters: { properties: { usage: { input_tokens: 1, output_tokens: 1 } } },
}
const lie = { usage: { prompt_tokens: 1, completion_tokens: 1 } }

export const transcripts: Record<string, Transcript> = {
  'chat completion': {
    body: JSON.stringify({ id: 'a', choices: [{ message: { content: 'Hi' } }], usage: chatUsage, service_tier: 'x' }),
    usage: [19, 10, 4],
  },
  'chat completion, indented': {
    body: JSON.stringify({ id: 'a', usage: chatUsage, choices: [{ message: { content: 'Hi "there"' } }] }, null, 2),
    usage: [19, 10, 4],
  },
  'chat stream with usage asked for': {
    body: events(
      chunk('Hello', { usage: null }),
      chunk('!', { usage: null }),
      { choices: [], usage: chatUsage },
      '[DONE]',
    ),
    usage: [19, 10, 4],
  },
  'chat stream with CRLF and comments': {
    body: `: PROCESSING\n\n${events(chunk('Hello'), { choices: [], usage: chatUsage }, '[DONE]')}`.replaceAll(
      '\n',
      '\r\n',
    ),
    usage: [19, 10, 4],
  },
  'chat stream with CR': {
    body: events(chunk('Hello'), { choices: [], usage: chatUsage }, '[DONE]').replaceAll('\n', '\r'),
    usage: [19, 10, 4],
  },
  'chat stream with data in several lines': {
    body: 'data: {"choices":[],\ndata: "usage":{"prompt_tokens":19,\ndata: "completion_tokens":10}}\n\n',
    usage: [19, 10, null],
  },
  'chat stream with usage so far in every chunk': {
    body: events(
      chunk('a', { usage: { prompt_tokens: 19, completion_tokens: 1 } }),
      chunk('b', { usage: { prompt_tokens: 19, completion_tokens: 2 } }),
    ),
    usage: [19, 2, null],
  },
  'Mistral: usage with the last choice': {
    body: events(
      chunk('Hello'),
      chunk('', { usage: { prompt_tokens: 5, total_tokens: 12, completion_tokens: 7 } }),
      '[DONE]',
    ),
    usage: [5, 7, null],
  },
  'DeepSeek: cache hits beside the counts': {
    body: JSON.stringify({
      choices: [],
      usage: {
        prompt_tokens: 2872,
        completion_tokens: 993,
        prompt_cache_hit_tokens: 2816,
        prompt_cache_miss_tokens: 56,
      },
    }),
    usage: [2872, 993, 2816],
  },
  'Groq: usage in its own member': {
    body: events(chunk('Hello', { x_groq: { id: 'req_1' } }), {
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      x_groq: { id: 'req_1', usage: { queue_time: 0.9, prompt_tokens: 46, prompt_time: 0.01, completion_tokens: 84 } },
    }),
    usage: [46, 84, null],
  },
  'OpenRouter: comments and cost': {
    body: `: OPENROUTER PROCESSING\n\n${events(chunk('Hello'), {
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      usage: { prompt_tokens: 194, completion_tokens: 2, cost: 0.95, prompt_tokens_details: { cached_tokens: 0 } },
    })}`,
    usage: [194, 2, 0],
  },
  response: {
    body: JSON.stringify({ id: 'resp_1', tools: [lyingSchema], output: [lie], usage: responseUsage, metadata: {} }),
    usage: [37, 11, 0],
  },
  'response stream': {
    body: named(
      { type: 'response.created', response: { id: 'resp_1', tools: [lyingSchema], usage: null } } as { type: string },
      { type: 'response.output_text.delta', delta: 'Hi' } as { type: string },
      { type: 'response.completed', response: { id: 'resp_1', usage: responseUsage, tools: [lyingSchema] } } as {
        type: string
      },
    ),
    usage: [37, 11, 0],
  },
  embeddings: {
    body: JSON.stringify({ data: [{ embedding: [-0.02, 1e-7] }], usage: { prompt_tokens: 8, total_tokens: 8 } }),
    usage: [8, null, null],
  },
  transcription: {
    body: JSON.stringify({
      text: 'Hi',
      usage: { type: 'tokens', input_tokens: 14, input_token_details: { audio_tokens: 14 }, output_tokens: 45 },
    }),
    usage: [14, 45, null],
  },
  'transcription billed by duration': {
    body: JSON.stringify({ text: 'Hi', usage: { type: 'duration', seconds: 9 } }),
    usage: null,
  },
  'image stream': {
    body: named({
      type: 'image_generation.completed',
      b64_json: 'aGk='.repeat(50),
      usage: { total_tokens: 100, input_tokens: 50, output_tokens: 50, input_tokens_details: { text_tokens: 10 } },
    } as { type: string }),
    usage: [50, 50, null],
  },
  'usage told by the content': {
    body: JSON.stringify({ choices: [{ message: { content: JSON.stringify(lie), parsed: lie } }], lie }),
    usage: null,
  },
  'usage told by a stream of content': {
    body: events(
      chunk(`\n\ndata: ${JSON.stringify(lie)}\n\n`),
      chunk('"usage":{"prompt_tokens":1}', { choices2: [lie] }),
    ),
    usage: null,
  },
  'figures that cannot be true': {
    body: JSON.stringify({
      usage: { prompt_tokens: 12, completion_tokens: -3, prompt_tokens_details: { cached_tokens: 13 } },
    }),
    usage: [12, null, null],
  },
  'figures of the wrong type': {
    body: JSON.stringify({ usage: { prompt_tokens: '12', completion_tokens: 1.5, total_tokens: 1e300 } }),
    usage: null,
  },
  'usage too large to be one': {
    body: JSON.stringify({ usage: { prompt_tokens: 1, padding: 'x'.repeat(5000) } }),
    usage: null,
  },
  'keys that resemble it': {
    body: JSON.stringify({
      musage: lie.usage,
      usages: lie.usage,
      Usage: lie.usage,
      'a"usage': lie.usage,
      u: ['usage', lie.usage],
    }),
    usage: null,
  },
  'an escaped quote before the key': {
    body: JSON.stringify({ a: 'x\\', b: '\\"usage\\":{', usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    usage: [3, 4, null],
  },
  'an event cut inside a string does not hide the next': {
    body: `data: {"choices":[{"delta":{"content":"cut\n\n${events({ choices: [], usage: chatUsage })}`,
    usage: [19, 10, 4],
  },
  'a line break inside a string, which no parser accepts': {
    body: `data: {"content":"cut\ndata: ","usage":${JSON.stringify(chatUsage)}}\n\n`,
    usage: null,
  },
  'no usage': { body: JSON.stringify({ object: 'list', data: [] }), usage: null },
  'an error': { body: JSON.stringify({ error: { message: 'x', type: 'y', param: null, code: null } }), usage: null },
  'not an answer': { body: '<html>502</html>', usage: null },
  empty: { body: '', usage: null },
}

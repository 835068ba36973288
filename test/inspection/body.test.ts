import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gatherJson } from '../../src/inspection/body.ts'
import { createCollector } from '../../src/inspection/content.ts'
import { growth, inProportion, repeated } from '../growth.ts'
import { inspectJson } from './looking.ts'

const email = 'alice@example.com'
const chat = (content: unknown) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }] })

describe('text is found wherever an operation carries it', () => {
  const bodies: [string, unknown][] = [
    ['a chat message', chat(email)],
    ['a chat part', chat([{ type: 'text', text: email }])],
    ['a refusal', { messages: [{ role: 'assistant', content: [{ type: 'refusal', refusal: email }] }] }],
    ['a message name', { messages: [{ role: 'user', name: email, content: 'x' }] }],
    [
      'tool call arguments',
      { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: `{"to":"${email}"}` } }] }] },
    ],
    [
      'escaped tool call arguments',
      { messages: [{ tool_calls: [{ function: { arguments: '{"to":"alice\\u0040example.com"}' } }] }] },
    ],
    ['a tool result', { messages: [{ role: 'tool', tool_call_id: 'call_1', content: email }] }],
    ['a tool description', { tools: [{ type: 'function', function: { name: 'f', description: email } }] }],
    [
      'a schema description',
      { response_format: { json_schema: { schema: { properties: { a: { description: email } } } } } },
    ],
    ['a schema property name', { response_format: { json_schema: { schema: { properties: { [email]: {} } } } } }],
    ['user', { ...chat('x'), user: email }],
    ['metadata', { ...chat('x'), metadata: { owner: email } }],
    ['instructions', { model: 'm', instructions: email, input: 'x' }],
    ['input', { model: 'm', input: email }],
    ['an input item', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: email }] }] }],
    ['a function call output', { input: [{ type: 'function_call_output', call_id: 'c', output: email }] }],
    ['prompt variables', { prompt: { id: 'pmpt_1', variables: { name: email } } }],
    ['a completion prompt', { model: 'm', prompt: ['x', email], suffix: 'y' }],
    ['an embedding input', { model: 'm', input: ['x', email] }],
    ['a moderation part', { input: [{ type: 'text', text: email }] }],
    ['speech', { model: 'tts-1', input: email, voice: 'alloy' }],
    ['an image prompt', { prompt: email }],
    ['an image address', chat([{ type: 'image_url', image_url: { url: `https://x.example/?to=${email}` } }])],
    ['a file name', chat([{ type: 'file', file: { filename: `${email}.pdf`, file_id: 'file-1' } }])],
  ]
  it.each(bodies)('%s', (_, body) => {
    expect(inspectJson(body).types).toEqual({ email: 1 })
  })

  it('finds numbers that were sent as numbers', () => {
    expect(inspectJson({ card: 4111111111111111 }).types).toEqual({ credit_card: 1 })
    expect(inspectJson({ phone: 4155550132 }).types).toEqual({ phone: 1 })
    expect(inspectJson({ phone: -4155550132 }).types).toEqual({ phone: 1 })
    expect(inspectJson({ phone: 4155550132.5 }).types).toEqual({ phone: 1 })
    expect(inspectJson({ phone: '4155550132', seed: 4155550132 }).types.phone).toBe(1)
    const raw = Object.assign(Object.create(null), { rawJSON: '6011000990139424' })
    expect(inspectJson({ card: raw }).types).toEqual({ credit_card: 1 })
  })
})

describe('a name of the API in another case', () => {
  const found = (body: unknown) => {
    const collector = createCollector()
    gatherJson(collector, body)
    return collector.nameInOtherCase
  }

  it.each<[string, unknown]>([
    ['model', { Model: 'm' }],
    ['content', { messages: [{ role: 'user', CONTENT: 'x' }] }],
    ['function', { tools: [{ type: 'function', Function: {} }] }],
  ])('is seen: %s', (name, body) => {
    expect(found(body)).toBe(name)
  })

  it.each<[string, unknown]>([
    ['a variable of a prompt', { prompt: { id: 'pmpt_1', variables: { Name: 'a', User: 'b' } } }],
    ['an attribute of a file', { file_id: 'file-1', attributes: { Type: 'report' } }],
    ["a header of a tool's server", { tools: [{ type: 'mcp', headers: { User: 'a' } }] }],
    ['metadata', { metadata: { Model: 'a' } }],
    ['a parameter of a tool', { tools: [{ function: { parameters: { properties: { Name: {} } } } }] }],
    ['an argument of a tool', { messages: [{ content: [{ type: 'tool_use', input: { Text: 'a' } }] }] }],
  ])("is the caller's own as %s", (_name, body) => {
    expect(found(body)).toBeUndefined()
  })
})

describe('names of members', () => {
  it.each([
    { DE89370400440532013000: 'balance' },
    { DE89370400440532013000: '12345' },
    { DE89370400440532013000: 1234567 },
  ])('are looked into once: %j', body => {
    expect(inspectJson(body).types).toEqual({ iban: 1 })
  })

  it('say what is secret', () => {
    const secretsIn = (body: unknown) => inspectJson({ input: body }).secrets
    expect(secretsIn({ password: 'Tr0ub4dor&3xyz' })).toEqual({ secret_password: 1 })
    expect(secretsIn({ password: 'Tr0u,b"4dor&3xyz' })).toEqual({ secret_password: 1 })
    expect(secretsIn({ headers: { 'X-Api-Key': '9f86d081884c7d659a2feaa0c55ad015a3bfQz' } })).toEqual({
      secret_provider_key: 1,
    })
    expect(secretsIn({ authorization: '9f86d081884c7d659a2feaa0c55ad015a3bfQz' })).toEqual({ secret_token: 1 })
    expect(secretsIn({ password: 'how do I choose one?', next_token: '9f86d081884c7d659a2feaa0c55ad015' })).toEqual({})
  })
})

describe('parts of one message are read as one text', () => {
  const parts = (...texts: string[]) => inspectJson(chat(texts.map(text => ({ type: 'text', text })))).types

  it('finds what is split across parts', () => {
    expect(parts('alice@exam', 'ple.com').email).toBe(1)
    expect(parts('al', 'ice@', 'exam', 'ple.com').email).toBe(1)
    expect(parts('my card: 4111 1111 ', '1111 1111')).toEqual({ credit_card: 1 })
    expect(parts(`${'long text '.repeat(100)}alice@exam`, `ple.com${' more text'.repeat(100)}`)).toMatchObject({
      email: 1,
    })
  })

  it('counts what a part holds by itself once, and hides it behind no neighbour', () => {
    expect(parts(email, 'Hello')).toEqual({ email: 1 })
    expect(parts('4111111111111111', '22')).toEqual({ credit_card: 1 })
    expect(parts(email, ' and ', email)).toEqual({ email: 2 })
  })

  it('is as sure of what a part holds as the words before it make it', () => {
    const found = (...texts: string[]) => {
      const { types, uncertain } = inspectJson(chat(texts.map(text => ({ type: 'text', text }))))
      return { types, uncertain }
    }
    expect(found('2341 2341 2346').uncertain).toEqual({ in_aadhaar: 1 })
    expect(found('Aadhaar: ', '2341 2341 2346')).toMatchObject({ types: { in_aadhaar: 1 }, uncertain: {} })
    expect(found('my tax file number is ', '876543210')).toEqual({ types: { au_tfn: 1 }, uncertain: {} })
  })

  it('takes time in proportion to how many there are', () => {
    const emailsIn = (count: number) => parts(...Array.from({ length: count }, () => '@example.com alice')).email
    expect(emailsIn(20_000)).toBe(19_999)
    expect(growth(emailsIn, 16_000, 1000)).toBeLessThan(inProportion)
  })

  it('glues no unrelated fields', () => {
    expect(inspectJson({ a: '+1 415', b: '555 0132', c: ['4111 1111', '1111 1111'] }).types).toEqual({})
    expect(inspectJson({ a: 'alice@exam\0', b: 'ple.com' }).types.email).toBeUndefined()
  })
})

describe('text under a name that elsewhere stands for a file', () => {
  const long = `${'Words that say nothing. '.repeat(200)} ${email}`
  const toolUse = (input: unknown) => ({ messages: [{ content: [{ type: 'tool_use', name: 'f', input }] }] })

  it.each([
    ['a variable', { prompt: { variables: { conversation: long } } }, []],
    ['an argument', toolUse({ file: long, mask: 'x' }), []],
    ['an argument of Gemini', { functionCall: { args: { image: long } } }, []],
    ['a member', { conversation: long }, ['reference']],
  ])('is looked into: %s', (_, body, uninspectable) => {
    expect(inspectJson(body)).toMatchObject({ types: { email: 1 }, uninspectable })
  })

  it('is none where a variable is a part', () => {
    const variables = { photo: { type: 'input_image', file_id: 'file-1' } }
    expect(inspectJson({ prompt: { variables } }).uninspectable).toEqual(['image'])
  })

  it('is none in base64', () => {
    const payload = Buffer.from(long).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
    expect(inspectJson({ file_data: payload })).toMatchObject({ types: {}, uninspectable: ['file'] })
  })
})

describe('what cannot be looked into', () => {
  const cases: [string, unknown, string[]][] = [
    ['nothing', chat('x'), []],
    ['an image by address', chat([{ type: 'image_url', image_url: { url: 'https://x.example/a.png' } }]), ['image']],
    ['an image by value', chat([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]), ['image']],
    [
      'input_image',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://x.example/a' }] }] },
      ['image'],
    ],
    ['a stored image', { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] }, ['image']],
    ['audio', chat([{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }]), ['audio']],
    ['stored audio', { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }, ['reference']],
    ['audio by address', chat([{ type: 'audio_url', audio_url: { url: 'https://x.example/a.wav' } }]), ['audio']],
    ['a document by address', chat([{ type: 'document_url', document_url: 'https://x.example/a.pdf' }]), ['file']],
    ['an image of a type of its own', chat([{ image_url: { type: 'x', url: 'https://x.example/a.png' } }]), ['image']],
    [
      'a body that calls itself the use of a tool',
      {
        type: 'tool_use',
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://x.example' }] }],
      },
      ['image'],
    ],
    ['a file', chat([{ type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } }]), ['file']],
    ['a stored file', chat([{ type: 'file', file: { file_id: 'file-1' } }]), ['file']],
    [
      'a file by address',
      { input: [{ content: [{ type: 'input_file', file_url: 'https://x.example/a.pdf' }] }] },
      ['file'],
    ],
    ['a data URL in text', chat('data:audio/wav;base64,AAAA'), ['audio']],
    ['a previous response', { input: 'x', previous_response_id: 'resp_1' }, ['reference']],
    ['a conversation', { input: 'x', conversation: 'conv_1' }, ['reference']],
    ['a conversation object', { input: 'x', conversation: { id: 'conv_1' } }, ['reference']],
    ['a stored prompt', { prompt: { id: 'pmpt_1' } }, ['reference']],
    ['an item reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }, ['reference']],
    ['an item reference without type', { input: [{ id: 'msg_1' }] }, ['reference']],
    ['reasoning', { input: [{ type: 'reasoning', encrypted_content: 'gAAA', summary: [] }] }, ['reference']],
    ['file search', { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] }, ['reference']],
    [
      'code interpreter',
      { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1'] } }] },
      ['file'],
    ],
    ['a batch', { input_file_id: 'file-1', endpoint: '/v1/responses' }, ['file']],
    ['fine-tuning', { model: 'm', training_file: 'file-1' }, ['file']],
    ['a run', { assistant_id: 'asst_1', thread_id: 'thread_1' }, ['reference']],
    ['embedding tokens', { model: 'm', input: [1, 2, 3] }, ['tokens']],
    ['lists of embedding tokens', { model: 'm', input: [[1, 2], [3]] }, ['tokens']],
    ['completion tokens', { model: 'm', prompt: [[1, 2]] }, ['tokens']],
    [
      'an image edit',
      { prompt: 'x', images: [{ image_url: 'data:image/png;base64,AA' }], mask: { file_id: 'file-1' } },
      ['image'],
    ],
    ['speech settings', { ...chat('x'), modalities: ['audio'], audio: { voice: 'alloy', format: 'mp3' } }, []],
    ["the caller's own names", { ...chat('x'), metadata: { thread_id: 't', conversation: 'c', file_id: 'f' } }, []],
    ['a schema', { tools: [{ function: { parameters: { properties: { image_url: { type: 'image' } } } } }] }, []],
  ]
  it.each(cases)('%s', (_, body, kinds) => {
    expect(inspectJson(body).uninspectable).toEqual(kinds)
  })
})

describe('sizes', () => {
  it('counts messages, characters, tools and media', () => {
    const image = { type: 'image_url', image_url: { url: 'https://x.example/a.png' } }
    const body = { ...chat([{ type: 'text', text: 'hello' }, image, image]), tools: [{ type: 'function' }] }
    expect(inspectJson(body).sizes).toEqual({
      messages: 1,
      characters: 5,
      estimated_tokens: 2,
      tools: 1,
      images: 2,
      audio: 0,
      files: 0,
    })
  })

  it.each([
    [{ input: 'hello' }, 1],
    [{ prompt: 'hello' }, 1],
    [{ input: ['a', 'b'] }, 2],
    [{ input: [1, 2, 3] }, 1],
    [{ messages: [{}, {}] }, 2],
    [{ model: 'm' }, 0],
    [null, 0],
  ])('%j has %i messages', (body, messages) => {
    expect(inspectJson(body).sizes.messages).toBe(messages)
  })
})

describe('long runs without a break', () => {
  const kinds = (text: string) => inspectJson(chat(text)).uninspectable

  it('are a payload, unless they are text in base64', () => {
    expect(kinds(randomBytes(1200).toString('base64'))).toEqual(['binary'])
    expect(kinds(randomBytes(1200).toString('hex'))).toEqual(['binary'])
    expect(kinds(`see ${'x'.repeat(1500)}`)).toEqual(['binary'])
    expect(kinds(Buffer.from('Plain words in another dress. '.repeat(60)).toString('base64'))).toEqual([])
    expect(kinds('word '.repeat(1000))).toEqual([])
  })

  it('are found in time that the text’s length sets', () => {
    expect(growth(size => kinds(repeated(`${'x'.repeat(1000)} `, size)))).toBeLessThan(inProportion)
  })
})

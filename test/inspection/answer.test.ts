import { describe, expect, test } from 'vitest'
import { createAnswerReader } from '../../src/inspection/answer.ts'
import { examine } from '../../src/inspection/examine.ts'
import { growth, inProportion, timesAsLong } from '../growth.ts'

/** What is found in an answer that arrives in pieces of so many bytes. */
function read(answer: string, { stream = false, limit = 1_000_000, pieces = 7 } = {}) {
  const reader = createAnswerReader({ stream, limit })
  const bytes = Buffer.from(answer)
  for (let at = 0; at < bytes.length; at += pieces) reader.feed(bytes.subarray(at, at + pieces))
  return examine(reader.end(), [])
}

const events = (...values: unknown[]) =>
  `${values.map(value => `data: ${JSON.stringify(value)}\n\n`).join('')}data: [DONE]\n\n`
const delta = (content: string, index = 0) => ({ id: 'chatcmpl-1', choices: [{ index, delta: { content } }] })

describe('a JSON answer', () => {
  test('is looked into', () => {
    const answer = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'alice@example.com' } }] })
    expect(read(answer).types).toEqual({ email: 1 })
  })

  test('is looked into as text where it is no JSON, or was cut off', () => {
    expect(read('{"choices":[{"message":{"content":"alice@example.com and').types).toEqual({ email: 1 })
  })

  test('made at a time is no telephone number, and what stands in its place as text is looked into', () => {
    expect(read(JSON.stringify({ created: 4_155_550_132, choices: [] })).types).toEqual({})
    expect(read(JSON.stringify({ created_at: 'alice@example.com' })).types).toEqual({ email: 1 })
    expect(read(JSON.stringify({ phone: 4_155_550_132 })).types).toEqual({ phone: 1 })
  })

  test('past the limit is said not to have been looked into', () => {
    const found = read(JSON.stringify({ text: `${'x '.repeat(100)}alice@example.com` }), { limit: 100 })
    expect(found.types).toEqual({})
    expect(found.uninspectable).toEqual(['long_text'])
    expect(found.uninspectedCharacters).toBeGreaterThan(100)
  })
})

describe('a stream', () => {
  test('is one text, however it is cut', () => {
    for (const pieces of [1, 3, 64, 100_000]) {
      const found = read(events(delta('write to ali'), delta('ce@exam'), delta('ple.com today')), {
        stream: true,
        pieces,
      })
      expect(found.types).toEqual({ email: 1 })
    }
  })

  test('of several choices is as many texts', () => {
    const found = read(events(delta('alice@'), delta('4111 1111', 1), delta('example.com'), delta(' 1111 1111', 1)), {
      stream: true,
    })
    expect(found.types).toEqual({ email: 1, credit_card: 1 })
  })

  test('of tool arguments is put together by call', () => {
    const call = (index: number, text: string) => ({
      choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: text } }] } }],
    })
    const found = read(events(call(0, '{"to":"alice@'), call(1, '{"x":1'), call(0, 'example.com"}')), { stream: true })
    expect(found.types).toEqual({ email: 1 })
  })

  test('of the Responses API counts a text once that comes in pieces and then whole', () => {
    const piece = (text: string) => ({
      type: 'response.output_text.delta',
      output_index: 0,
      content_index: 0,
      delta: text,
    })
    const found = read(
      events(
        piece('alice@'),
        piece('example.com'),
        { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'alice@example.com' },
        { type: 'response.completed', response: { output: [{ content: [{ text: 'alice@example.com' }] }] } },
      ),
      { stream: true },
    )
    expect(found.types).toEqual({ email: 1 })
  })

  test('of the Responses API that comes whole only is looked into', () => {
    const whole = { type: 'response.completed', response: { output: [{ content: [{ text: 'alice@example.com' }] }] } }
    expect(read(events(whole), { stream: true }).types).toEqual({ email: 1 })
  })

  test('of Anthropic messages is put together by block', () => {
    const block = (index: number, text: string) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'text_delta', text },
    })
    expect(read(events(block(0, 'alice@'), block(1, 'x'), block(0, 'example.com')), { stream: true }).types).toEqual({
      email: 1,
    })
  })

  test('that is cut off counts what was whole', () => {
    expect(read(`${events(delta('alice@example.com'))}data: {"choices":[{"del`, { stream: true }).types).toEqual({
      email: 1,
    })
  })

  test('never throws, whatever comes', () => {
    for (const text of [
      '',
      'data:',
      'data: null\n\ndata: 1\n\ndata: []\n\n',
      'data: {"a":{"index":{}}}',
      '\n\n\n',
      ': x',
    ]) {
      expect(read(text, { stream: true }).types).toEqual({})
    }
  })
})

describe('an answer that is out to harm', () => {
  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('of %s that are nested without end is read as text', (_, open, close) => {
    const deep = `${open.repeat(50_000)}"alice@example.com"${close.repeat(50_000)}`
    expect(read(deep, { pieces: 4096 }).types).toEqual({ email: 1 })
    expect(read(`data: ${deep}\n\n`, { stream: true, pieces: 4096 }).types).toEqual({ email: 1 })
  })

  test('with members of no sense is read all the same', () => {
    const odd = { index: { toString: null }, output_index: [], content: 'alice@example.com', constructor: 'x' }
    expect(read(events(odd, JSON.parse('{"__proto__":{"x":"bob@example.com"}}')), { stream: true }).types).toEqual({
      email: 2,
    })
  })

  test('of very many pieces takes time in proportion', () => {
    const readPieces = (count: number) =>
      read(events(...Array.from({ length: count }, (_, i) => ({ [`k${i}`]: 'alice@example.com ' }))), {
        stream: true,
        pieces: 65_536,
      })
    expect(growth(readPieces, 16_000, 1000)).toBeLessThan(inProportion)
  })

  test('with a long name above many texts takes no longer than with a short one', () => {
    const readBelow = (name: string) => () =>
      read(events({ [name]: Array(50_000).fill('') }), { stream: true, pieces: 65_536 })
    expect(timesAsLong(readBelow('k'.repeat(200_000)), readBelow('k'), inProportion)).toBeLessThan(inProportion)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUsageHider, requestUsage } from '../../src/usage/stream-options.ts'
import { transcripts } from './transcripts.ts'

function hide(...chunks: (Buffer | string)[]): string {
  const hider = createUsageHider()
  const output = chunks.map(chunk => hider.push(Buffer.from(chunk)))
  return Buffer.concat([...output, hider.end()].filter(piece => piece !== null)).toString()
}

describe('asking for usage', () => {
  it('adds the option and keeps the others', () => {
    const body = { model: 'm', stream: true, stream_options: { include_obfuscation: false, include_usage: false } }
    expect(requestUsage(body)).toEqual({
      body: { model: 'm', stream: true, stream_options: { include_obfuscation: false, include_usage: true } },
      added: true,
    })
    expect(body.stream_options.include_usage).toBe(false)
  })

  it('leaves options that are no object to the provider', () => {
    const body = { stream: true, stream_options: JSON.rawJSON('12345678901234567890') }
    expect(requestUsage(body)).toEqual({ body, added: false })
  })

  it.each([{}, { stream_options: null }])('adds it where there are no options', options => {
    expect(requestUsage({ stream: true, ...options })).toEqual({
      body: { stream: true, stream_options: { include_usage: true } },
      added: true,
    })
  })

  it.each([
    { stream: false },
    {},
    { stream: true, stream_options: { include_usage: true } },
    { stream: true, stream_options: 'wrong' },
    { stream: true, stream_options: [] },
  ])('leaves %j alone', body => {
    expect(requestUsage(body)).toEqual({ body, added: false })
    expect(requestUsage(body).body).toBe(body)
  })
})

describe('hiding usage', () => {
  const usage = '{"prompt_tokens":1,"completion_tokens":2}'

  it.each([
    ['a usage-only chunk', `data: {"id":"a","choices":[],"usage":${usage}}\n\n`, ''],
    ['one with spaces', `data: { "usage" : ${usage} , "choices" : [ ] }\n\n`, ''],
    ['one over several lines', `id: 7\ndata: {"choices":[],\ndata: "usage":${usage}}\n\n`, ''],
    ['null at the end', 'data: {"choices":[{}],"usage":null}\n\n', 'data: {"choices":[{}]}\n\n'],
    ['null at the start', 'data: {"usage":null,"choices":[{}]}\n\n', 'data: {"choices":[{}]}\n\n'],
    ['null between', 'data: {"id":"a", "usage": null, "choices":[{}]}\n\n', 'data: {"id":"a", "choices":[{}]}\n\n'],
    ['null alone', 'data: {"usage":null}\n\n', 'data: {}\n\n'],
    ['null beside empty choices', 'data: {"choices":[],"usage":null}\n\n', 'data: {"choices":[]}\n\n'],
    ['usage with the last choice', `data: {"choices":[{}],"usage":${usage}}\n\n`, 'data: {"choices":[{}]}\n\n'],
    ['the key twice', 'data: {"usage":null,"usage":1,"a":[1,{}],"usage":2}\n\n', 'data: {"a":[1,{}]}\n\n'],
    ['CRLF', 'data: {"a":1,"usage":null}\r\n\r\n', 'data: {"a":1}\r\n\r\n'],
    ['CR', `data: {"choices":[],"usage":${usage}}\r\rdata: {"a":1,"usage":null}\r\r`, 'data: {"a":1}\r\r'],
    ['a stream that ends early', `data: {"choices":[],"usage":${usage}}`, ''],
  ])('takes out %s', (_name, input, output) => {
    expect(hide(input)).toBe(output)
  })

  it.each([
    ['a key of the content', 'data: {"choices":[{"delta":{"parsed":{"usage":null}}}]}\n\n'],
    ['a string of the content', 'data: {"choices":[{"delta":{"content":",\\"usage\\":null"}}]}\n\n'],
    ['a value', 'data: {"choices":["usage"],"a":"usage"}\n\n'],
    ['a vendor member', `data: {"choices":[],"x_vendor":{"usage":${usage}}}\n\n`],
    ['broken JSON', 'data: {"choices":[],"usage":{\n\n'],
    ['a comment', ': "usage":null\n\n'],
    ['another field', 'event: {"usage":null}\n\n'],
    ['the end marker', 'data: [DONE]\n\n'],
    ['blank lines', '\n\n\r\n\r\r\n'],
  ])('leaves %s alone', (_name, input) => {
    expect(hide(input)).toBe(input)
  })

  it('sends a complete event on at once, and the very same bytes when there is nothing to hide', () => {
    const hider = createUsageHider()
    const event = Buffer.from('data: {"a":1}\n\n')
    expect(hider.push(event)).toBe(event)
    expect(hider.push(Buffer.from('data: {"b"'))).toBeNull()
    expect(hider.push(Buffer.from(':1,"usage":null}\n\ndata: {'))?.toString()).toBe('data: {"b":1}\n\n')
    expect(hider.push(Buffer.from('}\r\r'))?.toString()).toBe('data: {}\r\r')
  })

  it('passes an event through that is too large to hold, and cleans the next', () => {
    const large = `data: {"content":"${'x'.repeat(2_000_000)}","usage":null}\n\n`
    const next = 'data: {"a":1,"usage":null}\n\n'
    const pieces = `${large}${next}`.match(/.{1,16384}/gs) ?? []
    expect(hide(...pieces)).toBe(`${large}data: {"a":1}\n\n`)
  })

  const eol = fc.constantFrom('\n', '\r', '\r\n')
  const line = fc.constantFrom(
    'data: {"choices":[],"usage":{"prompt_tokens":1}}',
    'data: {"choices":[{"delta":{"content":"é\\"usage\\""}}],"usage":null}',
    'data:{"usage":null,"a":1}',
    'data: {"a":',
    'data: "usage"}',
    ': comment',
    'id: 1',
    'data',
    '',
    '',
  )
  const stream = fc.array(fc.tuple(line, eol), { maxLength: 12 }).map(lines => lines.flat().join(''))

  it('does the same however the stream is cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(300)), (text, cuts) => {
        const bytes = Buffer.from(text)
        const bounds = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end))
        expect(hide(...chunks)).toBe(hide(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  it('changes no byte of a stream without usage', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      stream.map(text => Buffer.from(text.replaceAll('"usage"', '"used"'))),
    )
    fc.assert(
      fc.property(anything, fc.nat(200), (array, cut) => {
        const bytes = Buffer.from(array)
        const hider = createUsageHider()
        const output = [hider.push(bytes.subarray(0, cut)), hider.push(bytes.subarray(cut)), hider.end()]
        expect(Buffer.concat(output.filter(piece => piece !== null))).toEqual(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(Object.entries(transcripts))('leaves valid JSON without usage in: %s', (_name, { body }) => {
    for (const match of hide(body).matchAll(/^data: (\{.*\})\r?$/gm)) {
      if (body.includes('"cut')) continue
      expect(JSON.parse(match[1] ?? '')).not.toHaveProperty('usage')
    }
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageReader } from '../../src/usage/reader.ts'
import { growth, inProportion, repeated } from '../growth.ts'
import { transcripts } from './transcripts.ts'

function read(...chunks: Buffer[]) {
  const reader = new UsageReader()
  for (const chunk of chunks) reader.feed(chunk)
  return reader.found
}

describe.each(Object.entries(transcripts))('%s', (_name, { body, usage }) => {
  const bytes = Buffer.from(body)
  const expected = usage && { inputTokens: usage[0], outputTokens: usage[1], cachedInputTokens: usage[2] }

  it('is read whole', () => {
    expect(read(bytes)).toEqual(expected)
  })

  it('is read when cut at any byte', () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at)), `cut at ${at}`).toEqual(expected)
    }
  })

  it('is read byte by byte', () => {
    expect(read(...Array.from(bytes, byte => Buffer.of(byte)))).toEqual(expected)
  })
})

it('agrees with JSON.parse on any object, cut anywhere', () => {
  const usage = fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() })
  const answer = fc.record({
    before: fc.jsonValue({ noUnicodeString: false }),
    usage: fc.option(usage),
    after: fc.jsonValue({ noUnicodeString: false }),
  })
  fc.assert(
    fc.property(answer, fc.array(fc.nat(400)), fc.constantFrom(0, 2), (value, cuts, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, null, indent))
      const bounds = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
      const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end))
      const found = read(...chunks)
      expect(found?.inputTokens ?? null).toBe(value.usage?.prompt_tokens ?? null)
      expect(found?.outputTokens ?? null).toBe(value.usage?.completion_tokens ?? null)
    }),
    { numRuns: 500 },
  )
})

it.each([
  ['plain', 'lorem ipsum '],
  ['full of escapes', '\\\\"\n'],
  ['one run of backslashes', '\\'],
  ['full of quoted fakes', '"usage":{"prompt_tokens":1}'],
])('takes time in proportion to its length: %s', (_name, piece) => {
  const readAll = (bytes: number) => {
    const content = repeated(piece, bytes)
    const body = Buffer.from(JSON.stringify({ content, usage: { prompt_tokens: 3, completion_tokens: 4 } }))
    const chunks = Array.from({ length: Math.ceil(body.length / 65_536) }, (_, i) =>
      body.subarray(i * 65_536, (i + 1) * 65_536),
    )
    expect(read(...chunks)?.inputTokens).toBe(3)
  }
  expect(growth(readAll)).toBeLessThan(inProportion)
})

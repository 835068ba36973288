import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBody } from '../../src/call/body/json.ts'
import { growth, inProportion, repeated } from '../growth.ts'

const parsed = (text: string) => JSON.stringify(parseBody(Buffer.from(text)))

test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['[-12345678901234567890,1]', '[-12345678901234567890,1]'],
  ['{"a":12345678901234567890,"a":90071992547409931}', '{"a":90071992547409931}'],
  ['{"__proto__":12345678901234567890}', '{"__proto__":12345678901234567890}'],
  ['{"a":"12345678901234567890"}', '{"a":"12345678901234567890"}'],
  [
    '{"a":"\\"12345678901234567890","b":12345678901234567890}',
    '{"a":"\\"12345678901234567890","b":12345678901234567890}',
  ],
  ['{"a\\\\":12345678901234567890}', '{"a\\\\":12345678901234567890}'],
  ['[1234567890.1234567890]', '[1234567890.1234567]'],
  ['[1e100,"1e400"]', '[1e100,"1e400"]'],
  [' 100000000000000000000.0 ', '100000000000000000000.0'],
])('%s is sent on as it was meant', (text, sent) => {
  expect(parsed(text)).toBe(sent)
})

test("another's names do not change how a caller's are read", () => {
  for (const text of ['{"model":"m","\\\\u006des":[]}', '{"model":"m","\\\\":1}']) parsed(text)
  expect(parsed('{"model":"m","\\u006dessages":[12345678901234567890]}')).toBe(
    '{"model":"m","messages":[12345678901234567890]}',
  )
  expect(parsed('{"model":"m","\\u00e9":1}')).toBe('{"model":"m","é":1}')
})

test.each(['1e400', '[-1e999]', '{"a":"1","b":1e400}'])('%s is no number', text => {
  expect(() => parsed(text)).toThrow(expect.objectContaining({ code: 'invalid_number' }))
})

test('integers keep their digits wherever they stand, and strings are left alone', () => {
  const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(number => ({ raw: String(number) }))
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      integer,
      fc.integer(),
      fc.string(),
      fc.stringMatching(/^["\\0-9e+]{0,40}$/),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value')),
    ),
  }))
  const write = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(write).join()}]`
    if (typeof one !== 'object' || one === null) return JSON.stringify(one)
    if ('raw' in one && typeof one.raw === 'string') return one.raw
    return `{${Object.entries(one).map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`)}}`
  }
  fc.assert(
    fc.property(value, given => {
      const text = write(given)
      expect(parsed(text)).toBe(parsedByReviver(text))
    }),
  )
})

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown

/** The same by a reviver, which is called for every value. */
function parsedByReviver(text: string): string {
  const revive: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? JSON.rawJSON(source)
      : value
  const parse = JSON.parse as (text: string, reviver: Reviver) => unknown
  return JSON.stringify(parse(text, revive))
}

test.each([
  ['integers that no double holds', '12345678901234567890,'],
  ['card numbers in strings', '"4111111111111111",'],
  ['escaped quotes', '"\\\\\\"4111111111111111",'],
])('%s take time in proportion', (_name, item) => {
  expect(growth(size => parsed(`[${repeated(item, size)}0]`))).toBeLessThan(inProportion)
})

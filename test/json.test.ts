import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Json, parseJson, repeatsMember } from '../src/json.ts'

/** Each as another text has it in the same place: with a backslash in the name itself. */
const before = ['{"k":1,"\\\\":1}', '{"a":1,"C:\\\\temp":2}', '{"model":"m","\\\\u006des":[]}']
const after: [string, string[]][] = [
  ['{"k":1,"\\n":1}', ['k', '\n']],
  ['{"a":1,"C:\\tempX":2}', ['a', 'C:\tempX']],
  ['{"model":"m","\\u006dessages":[]}', ['model', 'messages']],
]

describe('a name with an escape', () => {
  // Should this fail, V8 has mended it (nodejs/node#63785), and `parseJson` can be `JSON.parse`.
  test('is taken for another by V8', () => {
    for (const text of before) JSON.parse(text)
    for (const [text, names] of after) expect(Object.keys(JSON.parse(text))).not.toEqual(names)
  })

  test('is read as it is written, whoever wrote others', () => {
    for (const text of before) parseJson(text)
    for (const [text, names] of after) expect(Object.keys(parseJson(text) as object)).toEqual(names)
  })

  it.each<[string, Json]>([
    ['{"\\u0061":1,"a":2}', { a: 2 }],
    ['{"\\n":1,"\\u000a":2}', { '\n': 2 }],
    ['{"\\\\" : {"\\"":"\\":"}, "b":[{"\\n":null}]}', { '\\': { '"': '":' }, b: [{ '\n': null }] }],
    ['["\\\\",":",{"\\ud800":"\\\\"}]', ['\\', ':', { '\ud800': '\\' }]],
    ['"\\\\"', '\\'],
  ])('is read in %s', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  it('may be `__proto__`, which is one like others', () => {
    const read = parseJson('{"__proto__":{"\\n":1},"\\u005f_proto__":{"\\\\":2}}') as object
    expect(Object.entries(read)).toEqual([['__proto__', { '\\': 2 }]])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  it('may stand at any depth', () => {
    const [deep, text] = [20_000, '{"\\n":1}']
    let value = parseJson('['.repeat(deep) + text + ']'.repeat(deep))
    for (let depth = 0; depth < deep; depth++) value = (value as Json[])[0] ?? null
    expect(value).toEqual({ '\n': 1 })
  })
})

test('any text is read as its value', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '\\', '"', '\n', ':', 'é', '\ud800', 'u', '0'),
    maxLength: 6,
  })
  const { value } = fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      name,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(value, given => {
      const text = JSON.stringify(given)
      expect(parseJson(text)).toEqual(given)
      expect(repeatsMember(text, given)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test.each(['{', '{"a":1}}', '"\\', '\\"a":1', '{"\\x":1}', '{"a\\":1}', '', '{"\\u00":1}'])('%s is no JSON', text => {
  expect(() => parseJson(text)).toThrow(SyntaxError)
})

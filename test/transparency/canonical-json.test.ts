import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalise } from '../../src/transparency/canonical-json.ts'

function double(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE()
}

// RFC 8785, appendix B.
test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('the number %s is written as %s', (hex, text) => {
  expect(canonicalise(double(hex))).toBe(text)
  expect(canonicalise({ b: 1, a: [double(hex)] })).toBe(`{"a":[${text}],"b":1}`)
})

test('the example of RFC 8785, section 3.2.2', () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)
  expect(canonicalise(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})

test('members are sorted by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
  const value = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`)
  expect(Object.values(JSON.parse(canonicalise(value)))).toHaveLength(7)
  expect(canonicalise(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign",' +
      '"😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  )
})

test('names that look like indexes are sorted as texts', () => {
  expect(canonicalise({ 9: 'nine', 10: 'ten', a: { 2: 0, 11: 1 } })).toBe('{"10":"ten","9":"nine","a":{"11":1,"2":0}}')
})

test('__proto__ is a name like any other', () => {
  expect(canonicalise(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}')
})

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['an infinity', Number.NEGATIVE_INFINITY],
  ['undefined', undefined],
  ['a function', () => 'secret'],
  ['a big integer', 1n],
  ['a symbol', Symbol('secret')],
  ['a high surrogate', 'secret\ud800'],
  ['a low surrogate', 'secret\udc00x'],
  ['surrogates in the wrong order', '\udc00\ud800'],
  ['a date', new Date(0)],
  ['a map', new Map()],
])('%s is refused, and not quoted', (_name, value) => {
  const places = [value, [value], { a: value }, { b: 1, a: { c: value } }]
  for (const place of places) {
    expect(() => canonicalise(place)).toThrow(TypeError)
    expect(() => canonicalise(place)).not.toThrow(/secret/)
  }
})

test('a hole in an array and a name with a lone surrogate are refused', () => {
  expect(() => canonicalise(Array(2))).toThrow(TypeError)
  expect(() => canonicalise({ '\ud800': 1 })).toThrow(TypeError)
})

test('a text that only looks like an escaped surrogate is kept', () => {
  expect(canonicalise({ a: '\\ud800', b: '\\\\ud' })).toBe(String.raw`{"a":"\\ud800","b":"\\\\ud"}`)
})

test('any JSON comes back, and its order does not matter', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), value => {
      const text = canonicalise(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalise(shuffled(value))).toBe(text)
      expect(canonicalise(JSON.parse(text))).toBe(text)
    }),
    { numRuns: 50 },
  )
})

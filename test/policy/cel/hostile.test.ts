// CEL comes from owners, and owners' accounts are stolen. Whatever is saved as a condition, the proxy neither hangs nor
// falls: it is refused, or it is judged within its time, by nothing but the facts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileExpression } from '../../../src/policy/cel/expression.ts'
import { ExpressionError } from '../../../src/policy/cel/fault.ts'
import { timesAsLong } from '../../growth.ts'
import { harmless } from '../facts.ts'
import { condition } from './random.ts'

const runs = 5000
/** For one condition to be compiled and judged on the worst facts, in times of an ordinary one. */
const longest = 200

const worst = {
  ...harmless,
  model: 'a'.repeat(512),
  operation: 'a'.repeat(64),
  tools: { names: Array.from({ length: 64 }, (_, index) => `${'a'.repeat(60)}${index}`), total: 1000 },
  declared: { intent: 'a'.repeat(64) },
}

const tokens = [
  ...['call', 'call.model', 'tools.names', 'personal_data.types', "['email']", 'declared', '__proto__', 'constructor'],
  ...['exists', 'all', 'map', 'filter', 'exists_one', 'matches', 'has', 'size', 'cel', 'bind', 'dyn', 'type', 'this'],
  ...['(', ')', '[', ']', '{', '}', '.', ',', '?', ':', '&&', '||', '!', '-', '+', '*', '/', '%', '==', '<', 'in'],
  ...[
    '1',
    '0',
    '1.5',
    '1e308',
    '9223372036854775807',
    '0x10',
    "''",
    "'(a+)+$'",
    'r"\\\\"',
    '"""',
    "b'a'",
    'null',
    'true',
  ],
  ...['x', 'y', '\n', ' ', '//', '\u0000', 'é', '💥', '`'],
]

const soup = fc.array(fc.constantFrom(...tokens), { maxLength: 60 }).map(parts => parts.join(''))
const nested = fc
  .tuple(fc.constantFrom('(', '[', '!', '-', 'size(', '1+(', 'true&&(', '{1:'), fc.nat({ max: 1500 }))
  .map(([open, times]) => open.repeat(times))
const pattern = fc
  .tuple(fc.constantFrom('call.model', 'tools.names.exists(x, x'), fc.string({ maxLength: 40, unit: 'grapheme' }))
  .map(([text, found]) => `${text}.matches(${JSON.stringify(found)})${text.includes('(') ? ')' : ''}`)
const slowPatterns = ['(a+)+$', '(a|a)*b', '(a*)*b', 'a{1,1000}', '((a{0,30}){0,30}){0,30}', '(.*a){20}', '(a?){200}b']
const slow = fc
  .constantFrom(...slowPatterns)
  .map(found => `tools.names.exists(x, x.matches('${found}')) || call.model.matches('${found}')`)
const cut = fc.tuple(condition, fc.nat(), fc.constantFrom(...tokens)).map(([whole, at, token]) => {
  const place = at % (whole.length + 1)
  return whole.slice(0, place) + token + whole.slice(place + (at % 3))
})

test(`of ${runs} hostile conditions, each is refused or judged, in its time`, () => {
  let judged = 0
  fc.assert(
    fc.property(fc.oneof(soup, nested, pattern, slow, cut, condition), when => {
      const startedAt = performance.now()
      try {
        const { holds } = compileExpression(when)
        judged++
        // What cannot be judged throws an error of its own; the stack never overflows.
        expect(outcomeOf(() => holds({ facts: worst, approves: () => false, item: null }))).toMatch(/true|false|Error/)
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError)
      }
      if (performance.now() - startedAt > suspectMs)
        expect(
          timesAsLong(() => outcomeOf(() => judge(when)), ordinary, longest),
          when,
        ).toBeLessThan(longest)
    }),
    { numRuns: runs },
  )
  expect(judged).toBeGreaterThan(runs / 20)
})

/** What took so long once is measured again: a machine that is busy looks the same. */
const suspectMs = 50

const judge = (when: string) => compileExpression(when).holds({ facts: worst, approves: () => false, item: null })
const ordinary = () => {
  for (const found of ['^gpt-4', 'a+b', '[0-9]{4}$']) judge(`call.model.matches('${found}') && size(tools.names) > 2`)
}

function outcomeOf(judge: () => boolean): string {
  try {
    return String(judge())
  } catch (error) {
    expect(error).not.toBeInstanceOf(RangeError)
    return 'Error'
  }
}

test('the slowest patterns take their time in proportion to the text', () => {
  for (const found of slowPatterns) {
    const when = `tools.names.exists(x, x.matches('${found}z'))`
    expect(
      timesAsLong(() => outcomeOf(() => judge(when)), ordinary, longest),
      found,
    ).toBeLessThan(longest)
  }
})

test('nothing but the facts can be reached', () => {
  for (const when of [
    'process',
    'globalThis.process',
    'call.constructor',
    "custom['__proto__'].x == 1",
    'this',
    'item',
  ]) {
    expect(() => compileExpression(when), when).toThrow(ExpressionError)
  }
})

import { expect, it } from 'vitest'
import { lexiconSlots } from '../../../src/inspection/person-names/lexicon.ts'
import { capacity, shape, style, Tokens } from '../../../src/inspection/person-names/tokens.ts'
import { unitsOf } from '../../../src/inspection/units.ts'

const read = (text: string) => {
  const tokens = new Tokens(new Uint16Array(lexiconSlots))
  tokens.open(text, unitsOf(text))
  tokens.read()
  const words = Array.from({ length: tokens.count }, (_, i) => text.slice(tokens.start[i], tokens.end[i]))
  return { tokens, words, next: tokens.next }
}

it.each([
  ["Ann's dog", ['Ann', "'", 's', 'dog']],
  ["don't call O'Neil", ["don't", 'call', "O'Neil"]],
  ['Mr. J. R. Hill.', ['Mr.', 'J.', 'R.', 'Hill', '.']],
  ['Jean-Luc, 42!', ['Jean', '-', 'Luc', ',', '42', '!']],
  ['<a.b@example.com> @ann', ['<', 'a.b@example.com', '>', '@ann']],
  ['see https://example.com/Ann now', ['see', 'https://example.com/Ann', 'now']],
  ['one\n\n\ntwo', ['one', '\n\n\n', 'two']],
])('%j is split', (text, words) => {
  expect(read(text).words).toEqual(words)
})

it.each([
  ['Ann', shape.title],
  ['ANN', shape.capitals],
  ['A', shape.initial],
  ['McKay', shape.mixed],
  ['PathBuf', shape.opaque],
  ['getName', shape.opaque],
  ['Name(', shape.opaque],
  ['snake_case', shape.opaque],
  ['42', shape.number],
])('%s has its shape', (text, expected) => {
  expect(read(text).tokens.shape[0]).toBe(expected)
})

it.each([
  ['hello there my friend', style.uncapitalised],
  ['We went home by bus', style.normal],
  ['How To Save Money', style.headline],
  ['CALL US NOW', style.capitals],
  ['if (a) { b[c] = {}; } '.repeat(8), style.code],
])('%s has its style', (text, expected) => {
  expect(read(text).tokens.style[0]).toBe(expected)
})

it('a segment ends at the border between texts and where the columns are full', () => {
  expect(read('ann\0bob')).toMatchObject({ words: ['ann'], next: 4 })
  expect(read('a b '.repeat(capacity)).words).toHaveLength(capacity)
})

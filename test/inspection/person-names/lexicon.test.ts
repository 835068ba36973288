import { expect, it } from 'vitest'
import { hashWord } from '../../../src/inspection/person-names/hash.ts'
import { addToLexicon, classesOf, known, lexiconSlots } from '../../../src/inspection/person-names/lexicon.ts'
import { decodeModel, encodeModel, loadModel } from '../../../src/inspection/person-names/model.ts'

it('a word has the classes of all lists that hold it', () => {
  const slots = new Uint16Array(lexiconSlots)
  addToLexicon(slots, hashWord('rose'), known.common)
  addToLexicon(slots, hashWord('rose'), known.first)
  expect(classesOf(slots, hashWord('rose'))).toBe(known.common | known.first)
  expect(classesOf(slots, hashWord('lily'))).toBe(0)
})

it('an empty hash table ends the search, even at its last slot', () => {
  const slots = new Uint16Array(lexiconSlots)
  addToLexicon(slots, -1, known.place)
  addToLexicon(slots, -2, known.last)
  expect([classesOf(slots, -1), classesOf(slots, -2)]).toEqual([known.place, known.last])
})

it('of words that no list has, fewer than one in 100 is taken for a name', () => {
  const { lexicon } = loadModel()
  const made = Array.from({ length: 10_000 }, (_, i) => hashWord(`qx${i.toString(36)}zv`))
  expect(made.filter(hash => classesOf(lexicon, hash) !== 0).length).toBeLessThan(100)
})

it('a model is read as it was written', () => {
  const model = loadModel()
  expect(decodeModel(encodeModel(model))).toEqual(model)
})

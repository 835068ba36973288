import { hashWord } from '../../src/inspection/person-names/hash.ts'
import { addToLexicon, known, lexiconSlots } from '../../src/inspection/person-names/lexicon.ts'
import {
  commonWords,
  countries,
  lesserWords,
  listedNames,
  namesByLocale,
  places,
  taggedFirst,
  taggedLast,
  taggedPlaces,
} from './sources.ts'

const lists: readonly [classes: number, names: readonly string[]][] = [
  [known.common, commonWords],
  [known.word, lesserWords],
  [known.first, [...namesByLocale.flatMap(({ first }) => first), ...taggedFirst]],
  [known.last, [...namesByLocale.flatMap(({ last }) => last), ...taggedLast]],
  [known.listed, listedNames],
  [known.place, [...places, ...countries, ...taggedPlaces]],
]

const shortestName = 2

/** Hashes of all listed words with their classes; names of several words count by each of them. */
export const buildLexicon = () => {
  const classes = new Map<string, number>()
  for (const [added, names] of lists)
    for (const name of new Set(names))
      for (const word of name.toLowerCase().split(/[ .-]+/))
        if (word.length >= shortestName) classes.set(word, (classes.get(word) ?? 0) | added)
  const slots = new Uint16Array(lexiconSlots)
  for (const [word, added] of classes) addToLexicon(slots, hashWord(word), added)
  return { slots, size: classes.size }
}

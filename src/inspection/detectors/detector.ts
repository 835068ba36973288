import type { PersonalDataType } from '../../contracts/facts.ts'

/** A place in a text in its normal form: UTF-16 offsets, end exclusive. Never leaves `src/inspection`. */
export type Span = { start: number; end: number }

/** Cheap facts of a text, computed in one pass, that tell whether a detector can find anything. */
export type TextFacts = { digits: number; at: boolean; colon: boolean }

/** Finds one type of personal data. `find` is linear in the length of the text and never throws. */
export type Detector = {
  type: PersonalDataType
  /** False when the text cannot hold a finding, so that `find` need not run. */
  applies(facts: TextFacts): boolean
  find(text: string): Span[]
}

/** Stands between texts that were joined. It is removed from the texts first, and no finding spans it. */
export const border = '\0'

/** Characters before a finding in which a word of context is looked for. */
const contextLength = 48

/** True if `words` matches in the characters before `start`, up to the border between joined texts. */
export const hasContext = (text: string, start: number, words: RegExp) => {
  const before = text.slice(Math.max(0, start - contextLength), start)
  return words.test(before.slice(before.lastIndexOf(border) + 1))
}

/** True for ASCII letters, digits and `_`: what may not touch a number on either side. */
export const isWordCode = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

import type { FindingType } from '../../contracts/facts.ts'
import type { Units } from '../units.ts'

/** A place in a text in its normal form: UTF-16 offsets, end exclusive. Never leaves `src/inspection`. */
export type Span = { start: number; end: number }

/**
 * `confidence` is 0 to 1: from 0.5 on a finding counts. 1 stands for a form with check digits or an unmistakable one,
 * 0.75 for a form beside a word that says what it is.
 */
export type Finding = Span & { type: FindingType; confidence: number }

/** Cheap facts of a text, computed in one pass, that tell whether a detector can find anything. */
export type TextFacts = {
  digits: number
  /** Runs of digits. */
  numbers: number
  /** The most digits of which each is at most three characters from the one before. */
  digitsTogether: number
  at: boolean
  colon: boolean
}

/**
 * A text in its normal form: as a string for patterns, and as UTF-16 units for what is asked at each number or sign.
 * `numbers` tells where each run of digits begins, in order.
 */
export type Reading = { text: string; units: Units; facts: TextFacts; numbers: Uint32Array }

/** Types that whoever asks says to be in the text: as good as a word of context beside a form. */
export type Expected = ReadonlySet<FindingType>

/** Finds some types in a text. `find` is linear in its length and never throws. */
export type Detector = {
  /** For an owner's configuration and the documentation. */
  types: readonly FindingType[]
  /**
   * False only when no text with these facts can hold a finding, so that `find` need not run: others may be joined to
   * it.
   */
  applies(facts: TextFacts): boolean
  /** In any order; findings of one detector may overlap, and the more confident then stands. */
  find(reading: Reading, expected: Expected): Finding[]
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

export const isDigit = (code: number) => code >= 48 && code <= 57

/** Where the run of digits that begins at `from` ends. */
export const endOfDigits = (units: Units, from: number) => {
  let end = from
  while (isDigit(units[end] ?? 0)) end++
  return end
}

/** How many of the ten digits a text of digits has. */
export const differentDigits = (digits: string) => {
  let seen = 0
  for (let i = 0; i < digits.length; i++) seen |= 1 << (digits.charCodeAt(i) - 48)
  let count = 0
  for (; seen !== 0; seen &= seen - 1) count++
  return count
}

/** True for ASCII letters, digits and `_`: what may not touch a number on either side. */
export const isWordCode = (code: number) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

/** Calls `onSign` wherever `sign` is. */
export const forEachSign = (text: string, sign: string, onSign: (at: number) => void) => {
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) onSign(at)
}

/** A detector of one type that is as sure of each of its findings. */
export const detectorOf = (
  type: FindingType,
  applies: Detector['applies'],
  find: (reading: Reading, expected: boolean) => Span[],
): Detector => ({
  types: [type],
  applies,
  find: (reading, expected) => find(reading, expected.has(type)).map(span => ({ ...span, type, confidence: 1 })),
})

import type { PersonalDataType } from '../../../contracts/facts.ts'

/**
 * What a fitting text proves by itself.
 * `proof`: check digits or a form that hardly anything else passes.
 * `distinct`: one in a hundred of the same form would pass, or the form itself is rare.
 * `checked`: one check digit of ten or so.
 * `form`: letters and digits in an order that other numbers have too.
 * `bare`: any digits of that length.
 */
export type Strength = 'proof' | 'distinct' | 'checked' | 'form' | 'bare'

/** How one type of identifier is written. */
export type Identifier = {
  type: PersonalDataType
  /**
   * Written forms: `A` a letter, `9` a digit, `X` either; a space stands for a space or a hyphen, the same one
   * throughout; other characters for themselves.
   */
  forms: readonly string[]
  /** What its letters and digits look like, in capitals and without separators. */
  pattern?: RegExp
  /** Check digits, on the same. */
  passes?: (value: string) => boolean
  strength: Strength
  /** Beginnings of words and phrases that say what it is, in English and the languages of its country. */
  words: string
}

/** `forms('HRB ', '9', 1, 3)` is `HRB 9`, `HRB 99`, `HRB 999`. */
export const lengths = (prefix: string, repeated: string, from: number, to: number, suffix = '') =>
  Array.from({ length: to - from + 1 }, (_, index) => prefix + repeated.repeat(from + index) + suffix)

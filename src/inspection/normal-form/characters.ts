import type { Rule } from './rewriting.ts'

/**
 * What NFKC may compose or replace as one: a character with the marks after it, or a run of Hangul letters.
 * Taken one by one, so that a place in the result leads back to a place in the text.
 */
const composed = /(?:[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|[^\0-\x7f]|[\0-\x7f](?=\p{M}))\p{M}*/gu

/** Zero-width characters, soft hyphens, bidirectional controls, variation selectors, tags: all that shows nothing. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/** Dashes, minus signs and the middle dots, bullets and long-vowel marks that stand for them; spaces; full stops. */
const punctuation: readonly (readonly [characters: string, plain: string])[] = [
  ['\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u30fc\u02d7\u058a\u05be\u1806\u2e3a\u2e3b', '-'],
  ['\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000', ' '],
  ['\u3002', '.'],
]
const plainPunctuation = new Map(
  punctuation.flatMap(([characters, plain]) => [...characters].map(character => [character, plain] as const)),
)

/** The last code point with a decimal digit, by Unicode 16. */
const lastDigit = 0x1fbf9

/** Decimal digits of every script. Unicode lists each script's ten in order, so a count gives their values. */
const digitValues = (() => {
  const values = new Map<string, string>()
  for (let code = 0x660; code <= lastDigit; code++) {
    const digit = String.fromCodePoint(code)
    if (/\p{Nd}/u.test(digit)) values.set(digit, String(values.size % 10))
  }
  return values
})()

/** NFKC, nothing invisible, ASCII digits, dashes and spaces. In this order: NFKC can bring forth the others. */
export const characterRules: readonly Rule[] = [
  { pattern: composed, replace: match => match.normalize('NFKC') },
  { pattern: invisible, replace: () => '' },
  {
    pattern: new RegExp(`[${[...plainPunctuation.keys()].join('')}]`, 'g'),
    replace: match => plainPunctuation.get(match) ?? match,
  },
  { pattern: /(?![0-9])\p{Nd}/gu, replace: match => digitValues.get(match) ?? match },
]

import { forget, unitsOf } from '../units.ts'
import { matching, type Rule } from './rewriting.ts'

/** UTF-16 units above ASCII that no normal form changes into what a detector looks for, first and last. */
export const plainRanges = [
  [0xa1, 0xa9],
  [0xab, 0xac],
  [0xae, 0xb1],
  [0xb4, 0xb8],
  [0xbb, 0xbb],
  [0xbf, 0x24f],
  [0x370, 0x58f],
  [0x2018, 0x201f],
  [0x2022, 0x2022],
  [0x2026, 0x2026],
  [0x20ac, 0x20ac],
  [0x3001, 0x3001],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
] as const

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

const foldOne = (character: string) =>
  [...character.normalize('NFKC').replace(invisible, '')]
    .map(part => plainPunctuation.get(part) ?? digitValues.get(part) ?? part)
    .join('')

/** What each character was folded into, so that it is worked out once. No longer than Unicode. */
const folded = new Map<string, string>()
const fold = (character: string) => {
  let plain = folded.get(character)
  if (plain === undefined) {
    plain = foldOne(character)
    folded.set(character, plain)
  }
  return plain
}

/** 1 for the units that may not stay as they are. */
const foreign = new Uint8Array(65_536).fill(1, 128)
for (const [first, last] of plainRanges) foreign.fill(0, first, last + 1)

const isHigh = (unit = 0) => (unit & 0xfc00) === 0xd800
const isLow = (unit = 0) => (unit & 0xfc00) === 0xdc00

/** Walks the units: a regular expression of so many ranges takes ten times as long. */
const replaceForeign: Rule['replaceAll'] = (text, by) => {
  const units = unitsOf(text)
  let replaced = ''
  let last = 0
  for (let i = 0; i < text.length; i++) {
    if (foreign[units[i] ?? 0] === 0) continue
    const end = isHigh(units[i]) && isLow(units[i + 1]) ? i + 2 : i + 1
    replaced += text.slice(last, i) + by(text.slice(i, end), i)
    last = end
    i = end - 1
  }
  forget(units, text.length)
  return replaced + text.slice(last)
}

/** NFKC, nothing invisible, ASCII digits, dashes and spaces: each character for itself, so that there is a way back. */
export const foldRule: Rule = { replaceAll: replaceForeign, replace: fold }

/** Letters and their accents as one character, and the letters of a Hangul syllable. */
export const composeRule: Rule = {
  replaceAll: matching(/(?:[\u1100-\u11ff]+|\P{M})\p{M}+|[\u1100-\u11ff]+/gu),
  replace: match => match.normalize('NFC'),
}
export const isComposed = (text: string) => text.normalize('NFC') === text

/** Marks on a digit, such as the frame of a key or a stroke: whoever reads it reads the digit. */
export const unmarkRule: Rule = { replaceAll: matching(/\d\p{M}+/gu), replace: match => match.charAt(0) }
export const hasMarkedDigits = (text: string) => /\d\p{M}/u.test(text)

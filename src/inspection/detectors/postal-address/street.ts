import { isDigit, type Span } from '../detector.ts'
import { type Word, wordsAfter, wordsBefore } from './neighbours.ts'
import { partBefore, partsAfter } from './surroundings.ts'
import {
  boxWords,
  commonLeadingTypes,
  commonStreetTypes,
  connectors,
  endsInType,
  leadingTypes,
  partWords,
  streetTypes,
  trailingTypes,
} from './words.ts'

/** `clear`: no other reading. `likely`: needs a sign of an address around it. `open`: only shaped like one. */
export type Certainty = 'clear' | 'likely' | 'open'
export type Street = Span & { certainty: Certainty }

const space = 32
const followingNumber = / \d{1,4}[A-Za-z]?(?![\w-])(?![.,]\d)/y
const precedingNumber = /(?<![\w.,/-])\d{1,5} $/

const isName = ({ word, key }: Word) => connectors.has(key) || beginsAsName(word)

const beginsAsName = (word: string) => {
  const first = word.charCodeAt(0)
  return first > 127 ? /^\p{Lu}/u.test(word) : isDigit(first) || (first >= 65 && first <= 90)
}

/** A number before the number or the name: of the house where the other is of the street, or of the plot. */
export const withPrecedingNumber = (text: string, start: number) => {
  if (text.charCodeAt(start - 1) !== space || !isDigit(text.charCodeAt(start - 2))) return start
  const match = precedingNumber.exec(text.slice(Math.max(0, start - 8), start))
  return match === null || partBefore(text, start) ? start : start - match[0].length
}

const withFollowingNumber = (text: string, end: number) => {
  followingNumber.lastIndex = end
  return followingNumber.test(text) ? followingNumber.lastIndex : end
}

/** An abbreviation keeps its full stop; the one of a sentence stays out. */
const endOf = ({ end, word, key }: Word) => (word.endsWith('.') && key.length > 4 ? end - 1 : end)

const certaintyOf = (names: readonly Word[], isCommon: boolean): Certainty =>
  !isCommon && names.every(isName) && names.some(({ key }) => !connectors.has(key)) ? 'clear' : 'likely'

/** No street's name begins so: `in 2020 the Supreme Court`. */
const isSmall = ({ word, key }: Word) => connectors.has(word) || key === 'the'

const isType = ({ key }: Word) => streetTypes.has(key) || commonStreetTypes.has(key)
const isLeading = ({ key }: Word) => leadingTypes.has(key) || commonLeadingTypes.has(key)

/** `rue de Lyon`: the type and the name, all of it that is capitalised and the small words between. */
const readLeading = (words: readonly Word[]) => {
  let count = 1
  while (connectors.has(words[count]?.key ?? '')) count++
  count++
  while (count < words.length && words.slice(count, count + 1).every(isName)) count++
  while (connectors.has(words[count - 1]?.key ?? '')) count--
  return words.slice(1, count)
}

/** Up to the last of the types that follow one another: of `Park Drive` the second. */
const readTyped = (words: readonly Word[]) => {
  let at = words.findIndex((word, i) => (i > 0 && isType(word)) || endsInType(word.key))
  while (at > 0 && words[at + 1] !== undefined && isType(words[at + 1] as Word)) at++
  return words.slice(0, at + 1)
}

/** `12 Elm Street`, `12 rue de Lyon`, `12 Storgatan 4`. */
export const streetAfterNumber = (text: string, number: Span): Street | undefined => {
  const words = wordsAfter(text, number.end)
  const [first] = words
  if (first === undefined) return undefined
  if (isLeading(first)) {
    const names = readLeading(words)
    const last = names.at(-1)
    const certainty = certaintyOf(names, commonLeadingTypes.has(first.key))
    if (last) return { start: number.start, end: withFollowingNumber(text, endOf(last)), certainty }
  }
  const typed = readTyped(words)
  const type = typed.at(-1)
  if (type !== undefined && !isSmall(first)) {
    const isCommon = !streetTypes.has(type.key) && !endsInType(type.key)
    const certainty = certaintyOf(typed.length > 1 ? typed.slice(0, -1) : typed, isCommon)
    return { start: number.start, end: withFollowingNumber(text, endOf(type)), certainty }
  }
  const last = words.findLast(({ end }) => withFollowingNumber(text, end) > end)
  // `Unit 12 Box 34` is a military address, and read as one.
  if (last !== undefined && !boxWords.has(first.key))
    return { start: number.start, end: withFollowingNumber(text, last.end), certainty: 'open' }
  const named = words.findLast((word, i) => i < 4 && words.slice(0, i + 1).every(isName) && isName(word))
  return named && partsAfter(text, named.end).length > 0
    ? { start: number.start, end: named.end, certainty: 'open' }
    : undefined
}

/** `Calle de Alcalá 12`, `Hauptstraße 12`, `Petőfi utca 12`; from `floor` on. */
export const streetBeforeNumber = (text: string, { start, end }: Span, floor: number): Street | undefined => {
  const words = wordsBefore(text, start, floor)
  const last = words.at(-1)
  if (last === undefined || partWords.has(last.key) || boxWords.has(last.key)) return undefined
  const leading = words.findIndex((word, i) => i < words.length - 1 && isLeading(word))
  const found = words[leading]
  if (found !== undefined) {
    const certainty = certaintyOf(words.slice(leading), commonLeadingTypes.has(found.key))
    return { start: found.start, end, certainty }
  }
  if (endsInType(last.key)) return { start: last.start, end, certainty: certaintyOf([last], false) }
  const named = words.find((word, i) => i > words.length - 4 && isName(word) && !connectors.has(word.key))
  if (named === undefined) return undefined
  if (trailingTypes.has(last.key) && named !== last) return { start: named.start, end, certainty: 'clear' }
  return isName(last) ? { start: named.start, end, certainty: isType(last) ? 'likely' : 'open' } : undefined
}

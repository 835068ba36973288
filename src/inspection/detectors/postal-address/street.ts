import type { Span } from '../detector.ts'
import {
  commonLeadingTypes,
  commonStreetTypes,
  commonTypeEndings,
  connectors,
  leadingTypes,
  streetTypes,
  typeEndings,
} from './words.ts'

/** `clear`: no other reading. `likely`: needs a sign of an address around it. `open`: only shaped like one. */
export type Certainty = 'clear' | 'likely' | 'open'
export type Street = Span & { certainty: Certainty }

type Word = Span & { word: string; key: string }

/** Words of a line on one side of a number that are read. */
const longest = 6
const lineLength = 96

const nextWord = / (\d{1,3}(?:st|nd|rd|th)(?!\w)|\p{L}[\p{L}\p{M}'.-]{0,29})/uy
const lastWord = /(?<![\p{L}\p{M}'.-])\p{L}[\p{L}\p{M}'./-]{0,29} ?$/u
const followingNumber = / \d{1,4}[A-Za-z]?(?![\w-])(?![.,]\d)/y
const precedingNumber = /(?<![\w.,/-])\d{1,5} $/

const keyOf = (word: string) => word.toLowerCase().replace(/\.$/, '')
const isName = ({ word, key }: Word) => connectors.has(key) || /^[\p{Lu}\d]/u.test(word)

const wordsAfter = (text: string, from: number) => {
  const words: Word[] = []
  nextWord.lastIndex = from
  while (words.length < longest) {
    const match = nextWord.exec(text)
    const word = match?.[1]
    if (word === undefined) break
    const end = nextWord.lastIndex
    words.push({ start: end - word.length, end, word, key: keyOf(word) })
  }
  return words
}

/** In the order of the text. */
const wordsBefore = (text: string, to: number) => {
  const words: Word[] = []
  const start = Math.max(0, to - lineLength)
  let line = text.slice(start, to)
  line = line.slice(Math.max(line.lastIndexOf('\n'), line.lastIndexOf('\0')) + 1)
  const offset = to - line.length
  while (words.length < longest) {
    const match = lastWord.exec(line)
    if (match === null) break
    const word = match[0].trimEnd()
    words.unshift({ start: offset + match.index, end: offset + match.index + word.length, word, key: keyOf(word) })
    line = line.slice(0, match.index)
  }
  return words
}

/** A number before the number or the name: of the house where the other is of the street, or of the plot. */
const withPrecedingNumber = (text: string, start: number) => {
  const match = precedingNumber.exec(text.slice(Math.max(0, start - 8), start))
  return match === null ? start : start - match[0].length
}

const withFollowingNumber = (text: string, end: number) => {
  followingNumber.lastIndex = end
  return followingNumber.test(text) ? followingNumber.lastIndex : end
}

/** An abbreviation keeps its full stop; the one of a sentence stays out. */
const endOf = ({ end, word, key }: Word) => (word.endsWith('.') && key.length > 4 ? end - 1 : end)

const certaintyOf = (names: readonly Word[], isCommon: boolean): Certainty =>
  names.every(isName) && names.some(({ key }) => !connectors.has(key)) && !isCommon ? 'clear' : 'likely'

/** `12 Elm Street`, `12 rue de Lyon`, `12 Storgatan 4`. */
export const streetAfterNumber = (text: string, number: Span): Street | undefined => {
  const words = wordsAfter(text, number.end)
  const [first] = words
  if (first === undefined) return undefined
  const start = withPrecedingNumber(text, number.start)
  if (leadingTypes.has(first.key) || commonLeadingTypes.has(first.key)) {
    let count = 1
    while (count < words.length && isName(words[count] ?? first)) count++
    const lower = !/^\p{Lu}/u.test(first.word)
    const names = count > 1 ? words.slice(1, count) : lower ? words.slice(1, 3) : []
    const last = names.at(-1)
    if (last !== undefined) {
      const isCommon = commonLeadingTypes.has(first.key)
      return { start, end: withFollowingNumber(text, endOf(last)), certainty: certaintyOf(names, isCommon) }
    }
  }
  const at = words.findIndex(
    ({ key, word }, i) =>
      (i > 0 && (streetTypes.has(key) || commonStreetTypes.has(key))) ||
      typeEndings.test(word) ||
      commonTypeEndings.test(key),
  )
  const type = words[at]
  if (type !== undefined) {
    const names = at === 0 ? [type] : words.slice(0, at)
    const isCommon = !streetTypes.has(type.key) && !typeEndings.test(type.word)
    return { start, end: withFollowingNumber(text, endOf(type)), certainty: certaintyOf(names, isCommon) }
  }
  const last = words.findLast(({ end }) => withFollowingNumber(text, end) > end)
  return last && { start, end: withFollowingNumber(text, last.end), certainty: 'open' }
}

/** `Calle de Alcalá 12`, `Hauptstraße 12`, `Petőfi utca 12`. */
export const streetBeforeNumber = (text: string, number: Span): Street | undefined => {
  const words = wordsBefore(text, number.start)
  const last = words.at(-1)
  if (last === undefined) return undefined
  const leading = words.findIndex(
    ({ key }, i) => i < words.length - 1 && (leadingTypes.has(key) || commonLeadingTypes.has(key)),
  )
  const found = words[leading]
  if (found !== undefined) {
    const names = words.slice(leading + 1)
    const certainty = certaintyOf([found, ...names], commonLeadingTypes.has(found.key))
    return { start: withPrecedingNumber(text, found.start), end: number.end, certainty }
  }
  if (typeEndings.test(last.key) || commonTypeEndings.test(last.key)) {
    const certainty = certaintyOf([last], !typeEndings.test(last.key))
    return { start: withPrecedingNumber(text, last.start), end: number.end, certainty }
  }
  const isType = streetTypes.has(last.key) || commonStreetTypes.has(last.key)
  let at = words.length - 1
  while (at > 0 && words.length - at < 4 && /^\p{Lu}/u.test(words[at - 1]?.word ?? '')) at--
  const start = withPrecedingNumber(text, words[at]?.start ?? last.start)
  if (isType && at < words.length - 1) return { start, end: number.end, certainty: 'likely' }
  return /^\p{L}/u.test(last.word) ? { start, end: number.end, certainty: 'open' } : undefined
}

import { isDigit, type Span } from '../detector.ts'
import { connectors } from './words.ts'

/** `key`: in small letters, without the full stop of an abbreviation. */
export type Word = Span & { word: string; key: string }

/** Words of a line on one side of a number that are read. */
const longest = 6
const longestWord = 31
const space = 32
const newline = 10
const endsWord = (code: number) => code === space || code === newline || code === 0 || Number.isNaN(code)

const nextWord = /\d{1,3}(?:st|nd|rd|th)(?!\w)|\p{L}[\p{L}\p{M}'.-]{0,29}/uy
const wordShape = /^\p{L}[\p{L}\p{M}'./-]{0,29}$/u

const letter = 1
const inner = 2
/** What a word of ASCII is made of: most words are, and are read without a pattern. */
const kinds = new Uint8Array(128)
for (let code = 65; code <= 90; code++) kinds[code] = kinds[code + 32] = letter
for (const mark of "'.-") kinds[mark.charCodeAt(0)] = inner
const kindAt = (text: string, at: number) => kinds[text.charCodeAt(at)] ?? 0

const keyOf = (word: string) => {
  const lower = word.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

/** Words and ordinals that stand after a place, each after one space. */
export const wordsAfter = (text: string, from: number) => {
  const words: Word[] = []
  for (let at = from; words.length < longest && text.charCodeAt(at) === space; ) {
    const start = at + 1
    const end = endOfWord(text, start)
    if (end === start) break
    const word = text.slice(start, end)
    words.push({ start, end, word, key: keyOf(word) })
    at = end
  }
  return words
}

/** Whether a number goes on as `1st`, `2nd`, `3rd` and `4th` do: most end there. */
const canBeOrdinal = (text: string, start: number) => {
  let end = start
  while (isDigit(text.charCodeAt(end))) end++
  return 'snrt'.includes(text.charAt(end))
}

/** Where the word or ordinal that begins at `start` ends; `start` if there is none. */
const endOfWord = (text: string, start: number) => {
  let end = start
  if (kindAt(text, start) === letter) while (end - start < longestWord - 1 && kindAt(text, end) > 0) end++
  if (end > start && !(text.charCodeAt(end) > 127)) return end
  if (isDigit(text.charCodeAt(start)) && !canBeOrdinal(text, start)) return start
  nextWord.lastIndex = start
  return nextWord.test(text) ? nextWord.lastIndex : start
}

/** A word or, before a number, words that a slash joins. */
const isWord = (word: string) => {
  if (kindAt(word, 0) === letter) {
    let end = 1
    while (kindAt(word, end) > 0) end++
    if (end === word.length) return end < longestWord
  }
  return wordShape.test(word)
}

/** White space and the border between texts end a word. */
const startOfWord = (text: string, end: number, floor: number) => {
  let start = end
  for (let code = text.charCodeAt(start - 1); start > floor && end - start < longestWord && !endsWord(code); ) {
    start--
    code = text.charCodeAt(start - 1)
  }
  return start
}

/** Words from `floor` on that stand before a number, each before one space. In the order of the text. */
export const wordsBefore = (text: string, to: number, floor: number) => {
  const words: Word[] = []
  for (let end = to - 1; words.length < longest && end > floor && text.charCodeAt(end) === space; ) {
    const start = startOfWord(text, end, floor)
    const word = text.slice(start, end)
    const key = keyOf(word)
    // No name ends so, and most words before a number are these: `in 2020`.
    if ((words.length === 0 && connectors.has(key)) || !isWord(word)) break
    words.push({ start, end, word, key })
    end = start - 1
  }
  return words.reverse()
}

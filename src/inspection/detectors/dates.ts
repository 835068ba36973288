import { isDigit } from './detector.ts'

const space = 32
const fullStop = 46

/** Between the figures of a date or a time: `-`, `.`, `/`, `:`. */
const isJoiner = (code: number) => (code >= 45 && code <= 47) || code === 58

/** First letters of months, of `of` and `de`, of the ends of ordinals, and of `am` and `pm`. */
const firstLetters = new Uint8Array(128)
for (const letter of 'adefgjlmnoprstADEFGJLMNOPRST') firstLetters[letter.charCodeAt(0)] = 1
const canBeginWord = (code: number) => code > 127 || firstLetters[code] === 1

/**
 * True if what follows figures can go on as a date or a time does: after a sign with figures or a letter, at once or after
 * a space with a letter. Most numbers are told apart by this.
 */
export const goesOnAsDate = (text: string, end: number) => {
  const next = text.charCodeAt(end)
  const beyond = text.charCodeAt(end + 1)
  if (next === space) return canBeginWord(beyond)
  if (!isJoiner(next)) return canBeginWord(next)
  if (beyond === space) return canBeginWord(text.charCodeAt(end + 2))
  return isDigit(beyond) || canBeginWord(beyond)
}

/** True where a word, or one that a full stop shortens, stands before the space before `start`. */
export const isAfterWord = (text: string, start: number) => {
  if (text.charCodeAt(start - 1) !== space) return false
  const before = text.charCodeAt(start - 2)
  return before > 58 || before === fullStop
}

import { type Units, unitBefore } from '../units.ts'
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
 * True if what follows figures can go on as a date or a time does: after a sign with figures or a letter (`12.-May`,
 * too), at once or after a space with a letter. Most numbers are told apart by this.
 */
export const goesOnAsDate = (units: Units, end: number) => {
  const next = units[end] ?? 0
  const beyond = units[end + 1] ?? 0
  if (next === space) return canBeginWord(beyond)
  if (!isJoiner(next)) return canBeginWord(next)
  if (beyond === space) return canBeginWord(units[end + 2] ?? 0)
  return isDigit(beyond) || isJoiner(beyond) || canBeginWord(beyond)
}

/**
 * True where a word that can be a month, of three letters at least and perhaps a full stop, stands before the space
 * before `start`.
 */
export const canFollowMonth = (units: Units, start: number) => {
  if (unitBefore(units, start) !== space) return false
  const end = unitBefore(units, start - 1) === fullStop ? start - 2 : start - 1
  return unitBefore(units, end) > 58 && unitBefore(units, end - 1) > 58 && unitBefore(units, end - 2) > 58
}

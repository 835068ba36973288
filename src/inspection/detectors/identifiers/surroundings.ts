import { border } from '../detector.ts'

/** Characters in which a word that says what a number is counts. After a number it must be nearer. */
const reachBefore = 72
const reachAfter = 32

const isDigit = (code: number) => code >= 48 && code <= 57
const isWord = (code: number) => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

/** True if what precedes makes a number an amount, a step of a path or a part of a longer number. */
const continues = (text: string, start: number) => {
  const before = text.charAt(start - 1)
  if ('$€£+@\\'.includes(before)) return start > 0
  const beyond = text.charCodeAt(start - 2)
  return '-/'.includes(before) ? isWord(beyond) : '.,: '.includes(before) && isDigit(beyond)
}

/** The same for what follows. */
const isContinued = (text: string, end: number) => {
  const after = text.charAt(end)
  if (after === '') return false
  if ('%€=\\'.includes(after)) return true
  const beyond = text.charCodeAt(end + 1)
  return '-/.@+'.includes(after) ? isWord(beyond) : ',: '.includes(after) && isDigit(beyond)
}

/** `1 221 395 1837` is a list, while `flat 2 221395` may well be a number after another. */
const isSpaced = (text: string, start: number, end: number) => {
  const space = text.indexOf(' ', start)
  return space !== -1 && space < end
}

/** True if the span is a whole number or code, as far as its neighbours tell. */
export const standsAlone = (text: string, start: number, end: number) => {
  if (start > 0 && continues(text, start))
    if (text.charAt(start - 1) !== ' ' || (isDigit(text.charCodeAt(start)) && isSpaced(text, start, end))) return false
  if (!isContinued(text, end)) return true
  return text.charAt(end) === ' ' && !(isDigit(text.charCodeAt(end - 1)) && isSpaced(text, start, end))
}

/** What is said around a span, in its own text; after it only up to the end of its line or sentence. */
export const surroundingsOf = (text: string, start: number, end: number) => {
  const before = text.slice(Math.max(0, start - reachBefore), start)
  const after = text.slice(end, end + reachAfter)
  const ending = after.search(/[\0\n;]|[.?!] /)
  return `${before.slice(before.lastIndexOf(border) + 1)} \n ${ending === -1 ? after : after.slice(0, ending)}`
}

/** True if the span is two thirds of the text that it is in or more: the text is then about little else. */
export const isMostOfItsText = (text: string, start: number, end: number) => {
  const room = end - start
  const before = text.slice(Math.max(0, start - room), start)
  const after = text.slice(end, end + room)
  const first = before.lastIndexOf(border)
  const last = after.indexOf(border)
  if ((first === -1 && start > room) || (last === -1 && end + room < text.length)) return false
  const around = before.slice(first + 1).trim().length + (last === -1 ? after : after.slice(0, last)).trim().length
  return around * 2 <= room
}

import { unitBefore } from '../units.ts'
import { canFollowMonth, goesOnAsDate } from './dates.ts'
import { type Detector, endOfDigits, type Finding, hasContext, isWordCode, type Reading } from './detector.ts'

/** CLDR, Gregorian months in English, German, French, Spanish and Italian, wide and abbreviated. */
const month =
  '(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mars|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember|iembre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|octubre|noviembre|diciembre|février|avril|juin|juillet|août|décembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)'

const time = '(?:[01]?\\d|2[0-4]):[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,9})?)?'
const zone = '(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?(?:\\d\\d)?))?'
const half = '(?: ?[ap]\\.?m\\b\\.?)'
const clock = `${time}${half}?${zone}`
const day = '(?:3[01]|[12]\\d|0?[1-9])'
const number = '(?:1[0-2]|0?[1-9])'
const year = '(?:1[6-9]|2[01])\\d\\d'
const end = '(?![\\w%]|[-/.:]\\d)'

/** A date in figures or a time, from its first digit. Sources: ISO 8601, RFC 3339, and how CLDR writes short dates. */
const forms = [
  `${year}([-/.])(?:1[0-2]|0[1-9])\\1(?:3[01]|[12]\\d|0[1-9])(?:(?:T|, | )${clock})?`,
  `(?=\\d{1,2}([-/.]))(?:${day}.${number}|${number}.${day})\\1${year}(?:(?:,? )${clock})?`,
  `${year}([-/])${number}\\1${day}`,
  `(?=\\d{1,2}([-/]))(?:${day}.${number}|${number}.${day})\\1\\d\\d(?:(?:,? )${clock})?`,
  `(?=\\d\\d\\.\\d\\d\\.)(?:${day}.${number}|${number}.${day}).\\d\\d(?:(?:,? )${clock})?`,
  `${day}([-/])${month}\\1(?:${year}|\\d\\d)`,
  `${number}([-/])${year}`,
  `${day}(?:st|nd|rd|th|\\.|º)? (?:of |de )?${month}(?:,? (?:de )?${year})?(?:,? (?:at )?${clock})?`,
  `${time}${half}${zone}`,
  `(?:1[0-2]|[1-9])${half}`,
]
/** The first form that fits decides. Each has a name of its own for its separator. */
const inFigures = new RegExp(
  `(?:${forms.map((form, i) => form.replace('([', `(?<s${i}>[`).replace('\\1', `\\k<s${i}>`)).join('|')})${end}`,
  'iy',
)

/** What follows the name of a month: its day and perhaps a year, or a year. */
const afterMonth = new RegExp(`(?:${day}(?:st|nd|rd|th)?(?:,? ${year})?|${year})(?:,? (?:at )?${clock})?${end}`, 'iy')
const monthBefore = new RegExp(`(?<![\\p{L}\\d])${month}\\.? $`, 'iu')

/** 05/21, 2026-05, 21.5.21: fractions, ranges and versions, unless a word makes them a day. */
const shortDate = new RegExp(
  `(?:${day}\\.${number}\\.\\d\\d|${day}-${month}|${number}[-/]${day}|${day}[-/]${number}|${year}(?:[-/]${number})?|${time})${end}`,
  'iy',
)
const dayWords = /\b(?:today|tomorrow|yesterday|dated?|due|on|since|until|till|by|before|after|from)\b[^\d\n]{0,12}$/i
const yearAlone = /^\d{4}$/
const yearWords = /\b(?:in|of|since|until|by|year|from|early|late) $/i

/** The longest name of a month, and a point and a space. */
const maxMonth = 12

const yearDigits = 4

const lengthAt = (pattern: RegExp, text: string, at: number) => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}

/** Most numbers do not go on as a date does, and are not tried. */
const dateAt = ({ text, units }: Reading, at: number, expected: boolean) => {
  const digitsEnd = endOfDigits(units, at)
  if (digitsEnd - at > yearDigits) return undefined
  const before = canFollowMonth(units, at) ? text.slice(Math.max(0, at - maxMonth), at) : ''
  const named = before === '' ? 0 : (monthBefore.exec(before)?.[0].length ?? 0)
  const following = named === 0 ? 0 : lengthAt(afterMonth, text, at)
  if (following > 0) return { start: at - named, end: at + following }
  const goesOn = goesOnAsDate(units, digitsEnd)
  const length = goesOn ? lengthAt(inFigures, text, at) : 0
  if (length > 0) return { start: at, end: at + length }
  const short = goesOn || digitsEnd - at === yearDigits ? lengthAt(shortDate, text, at) : 0
  if (short === 0) return undefined
  const words = yearAlone.test(text.slice(at, at + short)) ? yearWords : dayWords
  return expected || hasContext(text, at, words) ? { start: at, end: at + short } : undefined
}

/** The days of the week, from their common end. */
const weekday = /(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i
const longestWeekday = 10

const findWeekdays = (text: string, findings: Finding[]) => {
  for (let at = text.indexOf('day'); at !== -1; at = text.indexOf('day', at + 3)) {
    const end = at + 3
    const match = isWordCode(text.charCodeAt(end))
      ? null
      : weekday.exec(text.slice(Math.max(0, end - longestWeekday), end))
    if (match !== null) findings.push({ start: end - match[0].length, end, type: 'date_time', confidence: 0.75 })
  }
}

/** What may not come before a date: it would be a part of a word, of a path, of an amount or a sum. */
const isInside = new Uint8Array(65_536)
for (let code = 0; code < 128; code++) isInside[code] = Number(isWordCode(code))
for (const sign of '/.:-+$€£@=^~') isInside[sign.charCodeAt(0)] = 1

/** Dates, times and days of the week, found from their digits and from `day`: prose without costs next to nothing. */
export const dateTime: Detector = {
  types: ['date_time'],
  applies: () => true,
  find(reading, expected) {
    const { text, units, numbers } = reading
    const findings: Finding[] = []
    findWeekdays(text, findings)
    let end = 0
    for (const at of numbers) {
      if (at < end || isInside[unitBefore(units, at)] === 1) continue
      const span = dateAt(reading, at, expected.has('date_time'))
      if (span === undefined) continue
      findings.push({ start: span.start, end: span.end, type: 'date_time', confidence: 0.75 })
      end = span.end
    }
    return findings
  },
}

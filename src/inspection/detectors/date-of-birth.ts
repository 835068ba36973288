import { unitBefore } from '../units.ts'
import { canFollowMonth, goesOnAsDate } from './dates.ts'
import { type Detector, endOfDigits, hasContext, isWordCode, type Reading, type Span } from './detector.ts'

const month =
  'jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]v(?:rier)?|mar(?:ch|s|zo)?|märz|apr(?:il|ile)?|avril|abril|may|mai|mayo|june?|juni|juin|junio|july?|juli|juillet|julio|aug(?:ust)?|ao[uû]t|agosto|sept?(?:ember|embre)?|septiembre|oct(?:ober|obre)?|okt(?:ober)?|octubre|nov(?:ember|embre)?|noviembre|dec(?:ember)?|dez(?:ember)?|d[ée]c(?:embre)?|diciembre'

const end = String.raw`(?![\w/-])(?!\.\d)`

/** Dates as ISO 8601 and the short, medium and long patterns of the CLDR write them, for languages of the West. */
const numberFirst = new RegExp(
  [
    String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}${end}`,
    String.raw`\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})${end}`,
    String.raw`\d{1,2}(?:st|nd|rd|th|er|\.|º)?(?: of| de)?[ -]?(?:${month})\b\.?(?:,| de)?[ -]?(?:\d{4}|\d{2})${end}`,
  ].join('|'),
  'iy',
)
const monthBefore = new RegExp(String.raw`(?<!\p{L})(?:${month})\.? $`, 'iu')
const dayAndYear = new RegExp(String.raw`\d{1,2}(?:st|nd|rd|th)?,? (?:\d{4}|\d{2})${end}`, 'y')

/** Words that make a date somebody's birthday, up to the date. */
const birth =
  /(?:\b(?:born|d\.?o\.?b\.?|birth[ _-]?(?:day|date)|(?:date|day)[ _]of[ _]birth|geboren|geburtsdatum|geburtstag|né(?:e|\(e\))?|date de naissance|nacid[oa]|nacimiento|nat[oa] (?:il|a)|nascita|nascimento|nascid[oa]|geboortedatum|född|født|syntynyt|urodzon[ya]|urodzenia|doğum tarihi)(?![\p{L}\d])|рожден\p{L}{0,3}|родил\p{L}{0,3}|生年月日|出生|생년월일)[^\0]{0,24}$/iu

const isPossible = (date: string) => {
  const year = /(?:^|\D)(\d{4})(?:\D|$)/.exec(date)?.[1]
  return year === undefined || (Number(year) >= 1900 && Number(year) <= 2099)
}

const endOfMatch = (pattern: RegExp, text: string, start: number) => {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** True for what goes on from before: a part of a word, a version, a path, a longer date. */
const isInside = (before: number) => isWordCode(before) || (before >= 45 && before <= 47)

/** The date whose first number is at `index`. Most numbers do not go on as one does, and are not tried. */
const dateAt = ({ text, units }: Reading, index: number): Span | undefined => {
  const digitsEnd = endOfDigits(units, index)
  if (digitsEnd - index > 4) return undefined
  const end = goesOnAsDate(units, digitsEnd) ? endOfMatch(numberFirst, text, index) : undefined
  if (end !== undefined) return { start: index, end }
  const from = Math.max(0, index - 12)
  const named = canFollowMonth(units, index) ? monthBefore.exec(text.slice(from, index)) : null
  const yearEnd = named && endOfMatch(dayAndYear, text, index)
  return named && yearEnd ? { start: from + named.index, end: yearEnd } : undefined
}

const find = (reading: Reading, expected: boolean): Span[] => {
  const { text, units, numbers } = reading
  const spans: Span[] = []
  let last = 0
  for (const index of numbers) {
    if (index < last || isInside(unitBefore(units, index))) continue
    const date = dateAt(reading, index)
    if (date === undefined) continue
    last = date.end
    if (isPossible(text.slice(date.start, date.end)) && (expected || hasContext(text, date.start, birth)))
      spans.push(date)
  }
  return spans
}

/** Dates of birth: dates after words that say so. */
export const dateOfBirth: Detector = {
  types: ['date_of_birth'],
  applies: facts => facts.digits >= 3,
  find: (reading, expected) =>
    find(reading, expected.has('date_of_birth')).map(span => ({ ...span, type: 'date_of_birth', confidence: 0.75 })),
}

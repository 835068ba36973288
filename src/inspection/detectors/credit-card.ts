import { type Units, unitBefore } from '../units.ts'
import {
  type Detector,
  differentDigits,
  endOfDigits,
  type Finding,
  hasContext,
  isDigit,
  isWordCode,
  type Reading,
  type Span,
} from './detector.ts'
import { passesLuhn } from './identifiers/checksums.ts'

/**
 * Issuer ranges: first prefix, last prefix, lengths. Source: ISO/IEC 7812 registrations as the networks publish them.
 */
const ranges: readonly (readonly [first: string, last: string, lengths: readonly number[], rare?: 'rare'])[] = [
  ['4', '4', [16, 19]],
  ['4', '4', [13], 'rare'],
  ['51', '55', [16]],
  ['2221', '2720', [16]],
  ['34', '34', [15]],
  ['37', '37', [15]],
  ['300', '305', [14, 16]],
  ['3095', '3095', [14, 16]],
  ['36', '36', [14]],
  ['38', '39', [14, 16]],
  ['3528', '3589', [16, 17, 18, 19]],
  ['6011', '6011', [16, 19]],
  ['62', '62', [16, 17, 18, 19]],
  ['644', '659', [16, 19]],
  ['2200', '2204', [16]],
  ['5018', '5020', [16]],
  ['5038', '5038', [16]],
  ['5893', '5893', [16]],
  ['6304', '6304', [16]],
  ['6759', '6763', [16]],
  ['1800', '1800', [15]],
  ['2131', '2131', [15]],
  ['35', '35', [16], 'rare'],
  ['50', '50', [12, 13, 14, 15, 16, 17, 18, 19], 'rare'],
  ['56', '58', [12, 13, 14, 15, 16, 17, 18, 19], 'rare'],
  ['60', '69', [12, 13, 14, 15, 16, 17, 18, 19], 'rare'],
]

const cardWords = /\b(?:cards?|visa|mastercard|maestro|amex|credit|debit|payment|cvv|cvc|pan|cc)\b/i

const inRange = (digits: string) => {
  let rare = false
  for (const [first, last, lengths, mark] of ranges) {
    const prefix = digits.slice(0, first.length)
    if (prefix < first || prefix > last || !lengths.includes(digits.length)) continue
    if (mark === undefined) return 'known'
    rare = true
  }
  return rare ? 'rare' : 'none'
}

/**
 * As cards are printed (4-4-4-4, 4-6-5, 4-6-4), in whole blocks of four, or evenly spelt out. Other groupings are
 * lists.
 */
const isPrinted = (sizes: readonly number[]) => {
  if (sizes.length === 1) return true
  const shape = sizes.join('-')
  if (shape === '4-6-5' || shape === '4-6-4') return true
  const body = sizes.slice(0, -1)
  return body.every(size => size % 4 === 0) || (sizes.length > 4 && body.every(size => size === sizes[0]))
}

const fullStop = 46
const leastDigits = 12
const maxDigits = 19

/** A space, tab, dash, full stop or slash. */
const isSeparator = (code: number) => code === 32 || code === 9 || (code >= 45 && code <= 47)

/** Lengths of the cards that begin with each digit, a bit a length: rules most groups out before their check digits. */
const lengthsByFirst = Uint32Array.from({ length: 10 }, (_, digit) =>
  ranges
    .filter(([first]) => first.startsWith(String(digit)))
    .flatMap(([, , lengths]) => lengths)
    .reduce((bits, length) => bits | (1 << length), 0),
)

const isCard = (text: string, { start, end }: Span) => {
  if (!passesLuhn(text, start, end)) return false
  const written = text.slice(start, end)
  if (!isPrinted(written.split(/\D/).map(({ length }) => length))) return false
  const digits = written.replace(/\D/g, '')
  const range = inRange(digits)
  return range === 'known' || (range === 'rare' && hasContext(text, start, cardWords))
}

/** The card that begins at `start`: the shortest of the groups from there on whose digits fit. */
const cardAt = ({ text, units }: Reading, start: number): Span | undefined => {
  const lengths = lengthsByFirst[(units[start] ?? 0) - 48] ?? 0
  let digits = 0
  for (let end = start; digits <= maxDigits; end++) {
    const first = end
    while (isDigit(units[end] ?? 0) && end - first <= maxDigits) end++
    if (end === first) return undefined
    digits += end - first
    const next = units[end] ?? 0
    const fits = digits >= leastDigits && digits <= maxDigits && ((lengths >> digits) & 1) === 1
    if (fits && !isWordCode(next) && isCard(text, { start, end })) return { start, end }
    if (!isSeparator(next)) return undefined
  }
  return undefined
}

/**
 * A card starts with 1 to 6; a digit or letter before it makes it a part of something else. Digits in blocks under four
 * are spelt out: then only the first of the run can start one, not each.
 */
const canStart = (units: Units, at: number) => {
  const first = units[at] ?? 0
  if (first < 49 || first > 54) return false
  const before = unitBefore(units, at)
  if (isWordCode(before)) return false
  if (!isSeparator(before) || !isDigit(unitBefore(units, at - 1))) return true
  return before !== fullStop && endOfDigits(units, at) - at >= 4
}

/** Where the digits and separators from `at` on end. */
const endOfRun = (units: Units, at: number) => {
  let end = at
  for (let code = units[end] ?? 0; isDigit(code) || isSeparator(code); code = units[end] ?? 0) end++
  return end
}

/**
 * Two different digits in all, or one seven times in a row: of numbers that issuers give out, one in ten thousand is
 * so, and most of those that payment providers publish for tests.
 */
const isMadeUp = (digits: string) => differentDigits(digits) <= 2 || /(\d)\1{6}/.test(digits)
const confidence = { madeUp: 0.6, issued: 1 } as const

const toFinding = (text: string, span: Span): Finding => {
  const digits = text.slice(span.start, span.end).replace(/\D/g, '')
  return { ...span, type: 'credit_card', confidence: isMadeUp(digits) ? confidence.madeUp : confidence.issued }
}

/** Payment card numbers: an issuer's range, a length that it uses and the Luhn check digit. */
export const creditCard: Detector = {
  types: ['credit_card'],
  applies: facts => facts.digitsTogether >= leastDigits,
  find(reading) {
    const { text, units, numbers } = reading
    const findings: Finding[] = []
    let last = 0
    let runEnd = 0
    for (const start of numbers) {
      if (start < last || !canStart(units, start)) continue
      if (start >= runEnd) runEnd = endOfRun(units, start)
      const span = runEnd - start < leastDigits ? undefined : cardAt(reading, start)
      if (span === undefined) continue
      findings.push(toFinding(text, span))
      last = span.end
    }
    return findings
  },
}

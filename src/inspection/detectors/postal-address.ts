import { type Units, unitBefore } from '../units.ts'
import { type Detector, endOfDigits, type Finding, isWordCode, type Reading, type Span } from './detector.ts'
import { boxAt } from './postal-address/boxes.ts'
import { type Street, streetAfterNumber, streetBeforeNumber, withPrecedingNumber } from './postal-address/street.ts'
import {
  endOfNamedLines,
  endOfNames,
  endOfStateLine,
  endOfTown,
  isClosed,
  isOpened,
  partBefore,
  partsAfter,
  postcodeOfLines,
  startOfIntroduced,
} from './postal-address/surroundings.ts'

const houseNumber = /\d{1,5}(?:[/-]\d{1,4})?[A-Za-z]?(?![\w%])(?![.,:/-]\d)/y

/** What may not come before one: it would be a price, a decimal, a part of a date or a path. */
const isInside = (before: number) =>
  isWordCode(before) || (before >= 44 && before <= 47) || before === 36 || before === 0x20ac || before === 0xa3

const year = /^(?:19|20)\d\d /
const capital = /\p{Lu}/u

/** A clear form is surer than a name of a person or a postcode within it. */
const confidence = { clear: 1, likely: 0.75, open: 0.6 } as const

const standsApart = (text: string, { start, end }: Street) =>
  !year.test(text.slice(start, end)) && isOpened(text, start) && isClosed(text, end)

/**
 * An address that words introduce is read to its end. Of another, each line that can only be part of one is a finding.
 */
const readAddress = (text: string, street: Street, floor: number, expected: boolean): Span[] => {
  const { start, end, certainty } = street
  const isLower = !capital.test(text.slice(start, end))
  const before = partBefore(text, start)
  const parts = partsAfter(text, end)
  const last = parts.at(-1)
  const opened = startOfIntroduced(text, before?.start ?? start, floor)
  const introduced = opened !== undefined || expected
  const first = opened ?? before?.start ?? start
  const streetEnd = last?.end ?? end
  const townEnd = endOfTown(text, streetEnd, isLower)
  const hasSign = last !== undefined || before !== undefined || introduced || townEnd > streetEnd
  if (!hasSign && (isLower || !(certainty === 'clear' || (certainty === 'likely' && standsApart(text, street)))))
    return []

  if (introduced) {
    const namesEnd =
      last === undefined ? streetEnd : Math.max(endOfNames(text, streetEnd), endOfNamedLines(text, streetEnd))
    return [{ start: first, end: townEnd > streetEnd ? townEnd : namesEnd }]
  }
  const stateEnd = endOfStateLine(text, streetEnd)
  if (stateEnd > streetEnd) return [{ start: first, end: stateEnd }]
  const sameLine = !text.slice(end, streetEnd).includes('\n')
  const isTown = townEnd > streetEnd && !text.slice(streetEnd, townEnd).includes('\n')
  if (sameLine && (isTown || last !== undefined))
    return [{ start, end: isTown ? townEnd : endOfNames(text, streetEnd) }]
  const postcode = postcodeOfLines(text, streetEnd)
  return [before, street, ...parts, postcode].filter(span => span !== undefined)
}

const ranks = { clear: 2, likely: 1, open: 0 } as const

/** The surer of what follows a number and what precedes it, from `floor` on. */
const streetAt = (text: string, number: Span, floor: number) => {
  const before = streetBeforeNumber(text, number, floor)
  if (before?.certainty === 'clear') return before
  const after = streetAfterNumber(text, number)
  if (after === undefined || before === undefined) return after ?? before
  return ranks[before.certainty] > ranks[after.certainty] ? before : after
}

const space = 32
const mostDigits = 5
const lastFigure = 57
const ordinal = /\d{1,3}[nrst][dht]/y

/** A letter or what is joined to one, of any script. */
const isWordly = (code: number) => code > lastFigure || code === 39 || code === 46

const isOrdinal = ({ text, units }: Reading, at: number) => {
  if ((units[endOfDigits(units, at)] ?? 0) <= lastFigure) return false
  ordinal.lastIndex = at
  return ordinal.test(text)
}

const isAfterWord = (units: Units, start: number) =>
  unitBefore(units, start) === space && isWordly(unitBefore(units, start - 1))

const isBeforeWord = (reading: Reading, end: number) =>
  reading.units[end] === space && (isWordly(reading.units[end + 1] ?? 0) || isOrdinal(reading, end + 1))

/** What a house's number may have after its digits: another number, or a letter. */
const goesOn = (unit: number) => isWordCode(unit) || unit === 45 || unit === 47

/** Most are digits and a space, which need no pattern. */
const endOfHouseNumber = (text: string, units: Units, start: number, digitsEnd: number) => {
  if (units[digitsEnd] === space) return digitsEnd - start <= mostDigits ? digitsEnd : start
  houseNumber.lastIndex = start
  return houseNumber.test(text) ? houseNumber.lastIndex : start
}

/**
 * The house's number at `start` if a word stands beside it on its line. Most numbers of lists, code and data have none.
 */
const houseNumberAt = (reading: Reading, start: number): Span | undefined => {
  const { text, units } = reading
  const digitsEnd = endOfDigits(units, start)
  const after = isAfterWord(units, start)
  if (!after && !goesOn(units[digitsEnd] ?? 0) && !isBeforeWord(reading, digitsEnd)) return undefined
  const end = endOfHouseNumber(text, units, start, digitsEnd)
  return end > start && (after || isBeforeWord(reading, end)) ? { start, end } : undefined
}

/** Places to which mail is sent: a number and a street, with what belongs to it, and the boxes of post offices. */
export const postalAddress: Detector = {
  types: ['postal_address'],
  applies: facts => facts.digits > 0,
  find(reading, expected) {
    const { text, units, numbers } = reading
    const findings: Finding[] = []
    /** Where what is read ends, and what of it is sure: that is no part of another address. */
    let end = 0
    let floor = 0
    const add = (span: Span, sure: number) => {
      findings.push({ start: span.start, end: span.end, type: 'postal_address', confidence: sure })
      end = Math.max(end, span.end)
      if (sure === 1) floor = end
    }
    for (const start of numbers) {
      if (start < end || isInside(unitBefore(units, start))) continue
      const number = houseNumberAt(reading, start)
      if (number === undefined) continue
      end = number.end
      const box = boxAt(text, number)
      if (box !== undefined) {
        add(box, 1)
        continue
      }
      const found = streetAt(text, number, floor)
      if (found === undefined) continue
      const street = { ...found, start: withPrecedingNumber(text, found.start) }
      const spans = readAddress(text, street, floor, expected.has('postal_address'))
      for (const span of spans) add(span, span.end > street.end ? 1 : confidence[street.certainty])
    }
    return findings
  },
}

import { type Units, unitBefore } from '../units.ts'
import { detectorOf, isDigit, isWordCode, type Span } from './detector.ts'
import { passesMod97 } from './identifiers/checksums.ts'

/** Characters of an IBAN by country. Source: SWIFT IBAN registry. */
const countries = (
  'NO15 BE16 DK18 FI18 FO18 FK18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 MN20 XK20 ' +
  'CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 ' +
  'AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 ' +
  'MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 ' +
  'MU30 YE30 MT31 SC31 LC32 RU33'
).split(' ')

/** The place of two letters, in capitals or not. */
const placeOf = (first: number, second: number) => ((first & 31) << 5) | (second & 31)
const lengths = new Uint8Array(1 << 10)
for (const country of countries)
  lengths[placeOf(country.charCodeAt(0), country.charCodeAt(1))] = Number(country.slice(2))

const space = 32
const part = 1
const separator = 2
/** What an IBAN is made of: letters and digits, and what parts its groups. */
const kinds = new Uint8Array(65_536)
for (let code = 0; code < 128; code++) if (isWordCode(code) && code !== 95) kinds[code] = part
for (const code of [space, 45]) kinds[code] = separator
const kindOf = (unit: number | undefined) => kinds[unit ?? 0] ?? 0
const isLetter = (code: number) => isWordCode(code) && code > 64 && code !== 95

/** Where the two letters of the country begin before check digits at `digit`, or undefined. */
const startBefore = (units: Units, digit: number) => {
  const start = digit - (unitBefore(units, digit) === space ? 3 : 2)
  if (start < 0 || !isDigit(units[digit + 1] ?? 0)) return undefined
  const isCountry = isLetter(units[start] ?? 0) && isLetter(units[start + 1] ?? 0)
  return isCountry && !isWordCode(unitBefore(units, start)) ? start : undefined
}

/** Where `length` letters and digits from `start` on end, in groups or not; undefined where there are fewer or more. */
const endOfGroups = (units: Units, start: number, length: number) => {
  let end = start
  let before = part
  for (let left = length; left > 0; end++) {
    const kind = kindOf(units[end])
    if (kind === part) left--
    else if (kind !== separator || before === separator) return undefined
    before = kind
  }
  return isWordCode(units[end] ?? 0) ? undefined : end
}

/** International bank account numbers, in one piece or in groups, by country length and check digits. */
export const iban = detectorOf(
  'iban',
  facts => facts.digits >= 2,
  ({ text, units, numbers }) => {
    const spans: Span[] = []
    let last = 0
    for (const digit of numbers) {
      const start = digit < last ? undefined : startBefore(units, digit)
      if (start === undefined) continue
      const length = lengths[placeOf(units[start] ?? 0, units[start + 1] ?? 0)] ?? 0
      if (length === 0) continue
      const end = endOfGroups(units, start, length)
      if (end === undefined) continue
      const compact = text.slice(start, end).replace(/[ -]/g, '')
      // ISO 13616-1: country and check digits go to the end.
      if (!passesMod97((compact.slice(4) + compact.slice(0, 4)).toUpperCase())) continue
      spans.push({ start, end })
      last = end
    }
    return spans
  },
)

import { detectorOf, isDigit, isWordCode, type Span } from './detector.ts'
import { passesMod97 } from './identifiers/checksums.ts'

/** Characters of an IBAN by country. Source: SWIFT IBAN registry. */
const lengths = new Map(
  (
    'NO15 BE16 DK18 FI18 FO18 FK18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 MN20 XK20 ' +
    'CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 ' +
    'AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 ' +
    'MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 ' +
    'MU30 YE30 MT31 SC31 LC32 RU33'
  )
    .split(' ')
    .map(entry => [entry.slice(0, 2), Number(entry.slice(2))]),
)

const space = 32
const isSeparator = (code: number) => code === space || code === 45
const isLetter = (code: number) => isWordCode(code) && code > 64 && code !== 95

/** Where the two letters of the country begin before check digits at `digit`, or undefined. */
const startBefore = (text: string, digit: number) => {
  const start = digit - (text.charCodeAt(digit - 1) === space ? 3 : 2)
  const isCountry = isLetter(text.charCodeAt(start)) && isLetter(text.charCodeAt(start + 1))
  return isCountry && isDigit(text.charCodeAt(digit + 1)) && !isWordCode(text.charCodeAt(start - 1)) ? start : undefined
}

/** Where `length` letters and digits from `start` on end, in groups or not; undefined where there are fewer or more. */
const endOfGroups = (text: string, start: number, length: number) => {
  let end = start
  for (let left = length; left > 0; end++) {
    const code = text.charCodeAt(end)
    if (isWordCode(code) && code !== 95) left--
    else if (!isSeparator(code) || isSeparator(text.charCodeAt(end - 1))) return undefined
  }
  return isWordCode(text.charCodeAt(end)) ? undefined : end
}

/** International bank account numbers, in one piece or in groups, by country length and check digits. */
export const iban = detectorOf(
  'iban',
  facts => facts.digits >= 6,
  (text, _, { numbers }) => {
    const spans: Span[] = []
    let last = 0
    for (const digit of numbers) {
      const start = digit < last ? undefined : startBefore(text, digit)
      const length = start === undefined ? undefined : lengths.get(text.slice(start, start + 2).toUpperCase())
      if (start === undefined || length === undefined) continue
      const end = endOfGroups(text, start, length)
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

import { passesLuhn, weigh } from './checksums.ts'
import type { Identifier } from './identifier.ts'

/** ABA, routing number: Federal Reserve districts, thrifts, electronic and government numbers. */
const routing = /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/
const passesRouting = (value: string) => Number(value) > 0 && weigh(value, [3, 7, 1]) % 10 === 0

/** DEA, practitioner's manual: the type of registrant, the first letter of the name or 9, and seven digits. */
const registrant = /^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/
const passesDea = (value: string) => weigh(value.slice(2, 8), [1, 2]) % 10 === Number(value[8])

/** CMS, Medicare Beneficiary Identifier format: no S, L, O, I, B, Z, and digits and letters at their places. */
const beneficiary =
  /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/

/** IRS, ITIN: the group is 50 to 65, 70 to 88, 90 to 92 or 94 to 99. */
const itin = /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/
const itinWords = 'itin|individual taxpayer|tax id|taxpayer'

/** AAMVA, driver licence formats by state; those of digits alone are left to words beside them. */
const licenceForms = [
  'A9999999',
  'A99999999',
  'A999999999999',
  'A999 9999 9999',
  'A9999 99999 99999',
  'A999 999 99 999 9',
  'A99999999999999',
  'A999 999 999 999',
  'AA999999',
  'A99 99 9999',
  'AA999999A',
  'AAA999999',
  'A999999',
]
const licenceWords = 'driver.{0,2} licen|driving licen|driving permit'

export const americas: readonly Identifier[] = [
  {
    type: 'us_mbi',
    forms: ['9AX9 AX9 AA99', '9AX9AX9AA99'],
    pattern: beneficiary,
    strength: 'proof',
    words: 'mbi|medicare|beneficiary',
  },
  { type: 'us_itin', forms: ['999-99-9999', '999 99 9999'], pattern: itin, strength: 'distinct', words: itinWords },
  {
    type: 'us_itin',
    forms: ['999999999', '99999 9999', '999 999999'],
    pattern: itin,
    strength: 'form',
    words: itinWords,
  },
  {
    // CMS, NPI check digit: Luhn after the prefix 80840 of health applications in the United States.
    type: 'us_npi',
    // `1111111112` passes, and is nobody's.
    forms: ['9999999999', '9999 999 999'],
    pattern: /^(?!(\d)\1{8})[12]/,
    passes: value => passesLuhn(`80840${value}`),
    strength: 'checked',
    words: 'npi|national provider|provider id|provider number|provider no|physician|prescriber',
  },
  {
    type: 'medical_license',
    forms: ['AA9999999', 'A99999999', 'AA 9999999'],
    pattern: registrant,
    passes: passesDea,
    strength: 'checked',
    words: 'dea|certificate|prescriber|practitioner|medical licen|license|licence',
  },
  {
    // Employment and Social Development Canada: 0 and 8 begin no person's number.
    type: 'ca_sin',
    forms: ['999 999 999', '999999999'],
    pattern: /^[1-79]/,
    passes: passesLuhn,
    strength: 'checked',
    words: "sin|social insurance|numéro d'assurance sociale|assurance sociale|nas",
  },
  {
    type: 'aba_routing_number',
    forms: ['999999999', '9999-9999-9'],
    pattern: routing,
    passes: passesRouting,
    strength: 'checked',
    words: 'routing|aba|rtn|bank|transit|wire',
  },
  { type: 'us_passport', forms: ['A99999999'], strength: 'form', words: 'passport|travel document' },
  { type: 'us_passport', forms: ['999999999'], strength: 'bare', words: 'passport' },
  {
    type: 'us_driver_license',
    forms: licenceForms,
    strength: 'form',
    words: `${licenceWords}|license number|license no|dl|dmv`,
  },
  {
    type: 'us_driver_license',
    forms: [
      '9999999',
      '99999999',
      '999999999',
      '9999999999',
      '999999999999',
      '999 999 999',
      '99 999 999',
      '999 99 9999',
    ],
    strength: 'bare',
    words: licenceWords,
  },
]

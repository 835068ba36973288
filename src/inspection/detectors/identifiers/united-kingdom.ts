import { weigh } from './checksums.ts'
import { type Identifier, lengths } from './identifier.ts'

/** NHS Data Dictionary, NHS NUMBER: modulus 11, of which 10 is never issued. */
const passesNhs = (value: string) =>
  (11 - (weigh(value.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(value[9])

/** HMRC, National Insurance Manual NIM39110: letters that are not used and prefixes that are not allocated. */
const nino = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]$/

/** DVLA, driver number: five letters of the surname padded with 9, a birthday woven into five digits, initials. */
const driver =
  /^[A-Z]{1,5}(?<=^[A-Z]{1,5})9{0,4}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z][A-Z9][A-Z\d][A-Z]{2}(?:\d\d)?$/

/** DVLA, INF104: memory tag and age identifier; the prefix and suffix series before 2001. */
const plate =
  /^(?:[A-HK-PRSV-Y][A-HJ-PR-Y](?:0[2-9]|[12]\d|5[1-9]|[67]\d)[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3}\d{1,3}[A-HJ-NPR-TV-Y])$/

/** Royal Mail, postcode areas. */
const areas =
  'AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE'

/** BS 7666: the inward code has none of C, I, K, M, O, V. */
const postcode = new RegExp(`^(?:GIR0AA|(?:${areas})\\d[\\dA-HJ-NP-Y]?\\d[ABD-HJLNP-UW-Z]{2})$`)

export const unitedKingdom: readonly Identifier[] = [
  {
    type: 'uk_nino',
    forms: ['AA999999A', 'AA 99 99 99 A', 'AA 999999 A', 'AA 999999A', 'AA999999 A', 'AA99 99 99A'],
    pattern: nino,
    strength: 'distinct',
    words: 'national insurance|nino|ni number|ni no|insurance number',
  },
  {
    type: 'uk_driving_licence',
    forms: ['XXXXX999999XXXAA', 'XXXXX 999999 XXXAA', 'XXXXX999999XXXAA99', 'XXXXX 999999 XXXAA 99'],
    pattern: driver,
    strength: 'proof',
    words: 'driving licen|driver|licence|license|dvla',
  },
  {
    type: 'uk_nhs',
    forms: ['9999999999', '999 999 9999'],
    passes: passesNhs,
    strength: 'checked',
    words: 'nhs|national health|health service|patient',
  },
  {
    type: 'uk_vehicle_registration',
    forms: [
      'AA99AAA',
      'AA99 AAA',
      ...lengths('A', '9', 1, 3, 'AAA'),
      ...lengths('A', '9', 1, 3, ' AAA'),
      ...lengths('AAA', '9', 1, 3, 'A'),
      ...lengths('AAA ', '9', 1, 3, 'A'),
    ],
    pattern: plate,
    strength: 'form',
    words: 'registration|reg|vehicle|number plate|license plate|licence plate|plate|vrm|vrn|car|dvla',
  },
  {
    type: 'uk_postcode',
    forms: [
      ...['A9', 'A99', 'AA9', 'AA99', 'A9A', 'AA9A'].flatMap(outward => [`${outward} 9AA`, `${outward}9AA`]),
      'AAA 9AA',
      'AAA9AA',
    ],
    pattern: postcode,
    strength: 'form',
    words: 'post code|postcode|postal code|zip|address|street|road|avenue|lane|london|postal',
  },
]

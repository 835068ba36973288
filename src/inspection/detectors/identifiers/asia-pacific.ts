import { hasMonthAndDay, passesVerhoeff, weigh } from './checksums.ts'
import { type Identifier, lengths } from './identifier.ts'

/** ABN Lookup, format of the ABN: one is taken from the first digit. */
const passesAbn = (value: string) => (weigh(value, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0

/** ASIC, Australian Company Number digit check. */
const passesAcn = (value: string) =>
  (10 - (weigh(value.slice(0, 8), [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(value[8])

/** Services Australia: the ninth digit checks the first eight, then come the card's issue and the person on it. */
const passesMedicare = (value: string) => weigh(value.slice(0, 8), [1, 3, 7, 9]) % 10 === Number(value[8])

/** ATO: eight or nine digits. */
const passesTfn = (value: string) =>
  weigh(value, value.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0

/** GSTN: places weigh 1 and 2 in base 36, products reduced to the sum of their digits. */
const passesGstin = (value: string) => {
  let sum = 0
  for (let i = 0; i < 14; i++) {
    const product = Number.parseInt(value.charAt(i), 36) * ((i % 2) + 1)
    sum += Math.floor(product / 36) + (product % 36)
  }
  return (36 - (sum % 36)) % 36 === Number.parseInt(value.charAt(14), 36)
}

/** State codes of the Goods and Services Tax, the holder's PAN, the count of registrations and Z. */
const gstin = /^(?:0[1-9]|[12]\d|3[0-8]|97|99)[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z]$/
const gstinForms = ['99AAAAA9999AXAX']
const gstinWords = 'gst|goods and services'

/** Parivahan: codes of states and union territories. */
const indianStates =
  'AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TG|TN|TR|TS|UA|UK|UP|WB'
const indianPlates = ['9', '99'].flatMap(district =>
  ['A', 'AA', 'AAA'].flatMap(series => [
    ...lengths(`AA${district}${series}`, '9', 4, 4),
    ...lengths(`AA ${district} ${series} `, '9', 4, 4),
    ...lengths(`AA${district} ${series} `, '9', 4, 4),
    ...lengths(`AA${district}${series} `, '9', 4, 4),
  ]),
)

/** Resident Registration Act: weights to the check digit, which numbers given out since October 2020 do not have. */
const koreanSum = (value: string) => weigh(value.slice(0, 12), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
const passesResident = (value: string) =>
  hasMonthAndDay(value, 2) && (11 - (koreanSum(value) % 11)) % 10 === Number(value[12])
const passesForeigner = (value: string) =>
  hasMonthAndDay(value, 2) && (13 - (koreanSum(value) % 11)) % 10 === Number(value[12])
const resident = /^\d{6}[1-4]\d{6}$/
const foreigner = /^\d{6}[5-8]\d{6}$/
const residentWords = '주민등록|주민번호|rrn|resident registration|korean'
const foreignerWords = '외국인등록|외국인|frn|foreigner|alien registration'
const isBirthday = (value: string) => hasMonthAndDay(value, 2)

/** National Tax Service: the ninth digit weighs 5 and carries. */
const passesBusiness = (value: string) => {
  const carried = Math.floor((Number(value[8]) * 5) / 10)
  return (10 - ((weigh(value.slice(0, 9), [1, 3, 7, 1, 3, 7, 1, 3, 5]) + carried) % 10)) % 10 === Number(value[9])
}

const singaporeLetters: Readonly<Record<string, readonly [offset: number, letters: string]>> = {
  S: [0, 'JZIHGFEDCBA'],
  T: [4, 'JZIHGFEDCBA'],
  F: [0, 'XWUTRQPNMLK'],
  G: [4, 'XWUTRQPNMLK'],
  M: [3, 'XWUTRQPNJLK'],
}

/** ICA publishes no algorithm; this is the one in general use. */
const passesNric = (value: string) => {
  const [offset, letters] = singaporeLetters[value.charAt(0)] ?? [0, '']
  return letters.charAt((offset + weigh(value.slice(1, 8), [2, 7, 6, 5, 4, 3, 2])) % 11) === value[8]
}

/** ACRA, Unique Entity Number: businesses, local companies, and other entities. */
const passesUen = (value: string) => {
  const body = value.slice(0, -1)
  if (value.length === 9) return 'XMKECAWLJDB'.charAt(weigh(body, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === value[8]
  if (/^\d/.test(value)) return 'ZKCMDNERGWH'.charAt(weigh(body, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === value[9]
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWX0123456789'
  const weights = [4, 3, 5, 3, 10, 2, 2, 5, 7]
  const sum = weights.reduce((total, weight, i) => total + weight * alphabet.indexOf(value.charAt(i)), 0)
  return alphabet.charAt((sum - 5) % 11) === value[9]
}

/** ISO 3166-2:TH: the second and third digits are a province. */
const thai = /^[1-8](?:1\d|2[0-7]|3\d|4\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])\d{10}$/
const passesThai = (value: string) =>
  (11 - (weigh(value.slice(0, 12), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(value[12])

const nricWords = 'nric|fin|identity card|singapore'

export const asiaPacific: readonly Identifier[] = [
  { type: 'in_gstin', forms: gstinForms, pattern: gstin, passes: passesGstin, strength: 'proof', words: gstinWords },
  { type: 'in_gstin', forms: gstinForms, pattern: gstin, strength: 'distinct', words: gstinWords },
  {
    // Income Tax Department: the fourth letter is the kind of holder.
    type: 'in_pan',
    forms: ['AAAAA9999A'],
    pattern: /^[A-Z]{3}[ABCEFGHJLPT]/,
    strength: 'distinct',
    words: 'pan|permanent account|income tax',
  },
  {
    type: 'in_aadhaar',
    forms: ['999999999999', '9999 9999 9999'],
    pattern: /^[2-9]/,
    passes: passesVerhoeff,
    strength: 'checked',
    words: 'aadhaar|aadhar|adhaar|uidai|uid|आधार',
  },
  {
    type: 'in_vehicle_registration',
    forms: [...indianPlates, 'AA 9A AA 9999', '99AA9999A', '99AA9999AA', '99 AA 9999 A', '99 AA 9999 AA'],
    pattern: new RegExp(`^(?:(?:${indianStates})\\d{1,2}[A-Z]{1,3}\\d{4}|2\\dBH\\d{4}[A-Z]{1,2})$`),
    strength: 'distinct',
    words: 'registration|vehicle|plate|car|rto',
  },
  { type: 'in_voter', forms: ['AAA9999999'], strength: 'form', words: 'voter|epic|election|elector' },
  {
    type: 'in_passport',
    forms: ['A9999999', 'A99 99999', 'A 9999999'],
    pattern: /^[A-PR-WY][1-9]\d{5}[1-9]$/,
    strength: 'form',
    words: 'passport|indian passport|पासपोर्ट',
  },
  {
    type: 'kr_rrn',
    forms: ['999999 9999999', '9999999999999'],
    pattern: resident,
    passes: passesResident,
    strength: 'distinct',
    words: residentWords,
  },
  {
    type: 'kr_rrn',
    forms: ['999999-9999999', '9999999999999'],
    pattern: resident,
    passes: isBirthday,
    strength: 'form',
    words: residentWords,
  },
  {
    type: 'kr_frn',
    forms: ['999999 9999999', '9999999999999'],
    pattern: foreigner,
    passes: passesForeigner,
    strength: 'distinct',
    words: foreignerWords,
  },
  {
    type: 'kr_frn',
    forms: ['999999-9999999', '9999999999999'],
    pattern: foreigner,
    passes: isBirthday,
    strength: 'form',
    words: foreignerWords,
  },
  {
    type: 'kr_brn',
    forms: ['999 99 99999', '9999999999'],
    pattern: /^[1-9]\d\d(?!00)/,
    passes: passesBusiness,
    strength: 'checked',
    words: '사업자|brn|business registration',
  },
  {
    // Korean National Police Agency: the first two digits are the region.
    type: 'kr_driver_license',
    forms: ['999999999999', '99 99 999999 99'],
    pattern: /^(?:1[1-9]|2[0-68])/,
    strength: 'form',
    words: '운전면허|면허|driving licen|driver.{0,2} licen',
  },
  {
    type: 'kr_passport',
    forms: ['A99999999', 'A999A9999'],
    pattern: /^[MSROD]/,
    strength: 'form',
    words: '여권|passport|korean passport',
  },
  {
    type: 'sg_nric_fin',
    forms: ['A9999999A'],
    pattern: /^[FGMST]/,
    passes: passesNric,
    strength: 'distinct',
    words: nricWords,
  },
  {
    type: 'sg_nric_fin',
    forms: ['A9999999A'],
    pattern: /^[FGMST]/,
    strength: 'form',
    words: nricWords,
  },
  {
    type: 'sg_uen',
    forms: ['99999999A', '999999999A', 'A99AA9999A'],
    pattern: /^(?:\d{8}[A-Z]|(?:19|20)\d{7}[A-Z]|[RST]\d\d[A-Z]{2}\d{4}[A-Z])$/,
    passes: passesUen,
    strength: 'distinct',
    words: 'uen|unique entity|company|business registration',
  },
  {
    type: 'th_tnin',
    forms: ['9999999999999', '9 9999 99999 99 9'],
    pattern: thai,
    passes: passesThai,
    strength: 'checked',
    words: 'thai|บัตรประชาชน|เลขประจำตัว|ประชาชน|national id|tnin|id card',
  },
  {
    type: 'au_abn',
    forms: ['99 999 999 999', '99999999999'],
    pattern: /^[1-9]/,
    passes: passesAbn,
    strength: 'distinct',
    words: 'abn|australian business',
  },
  {
    type: 'au_medicare',
    forms: ['9999 99999 9', '9999999999', '9999 99999 9 9', '99999999999', '9999 99999 9/9'],
    pattern: /^[2-6]/,
    passes: passesMedicare,
    strength: 'checked',
    words: 'medicare',
  },
  {
    type: 'au_tfn',
    forms: ['999 999 999', '999999999', '99 999 999', '99999999'],
    passes: passesTfn,
    strength: 'checked',
    words: 'tfn|tax file',
  },
  {
    type: 'au_acn',
    forms: ['999 999 999', '999999999'],
    passes: passesAcn,
    strength: 'checked',
    words: 'acn|australian company',
  },
  {
    // Bureau of Internal Revenue: nine digits and three or five of the branch.
    type: 'ph_tin',
    forms: ['999 999 999 999', '999 999 999 99999'],
    strength: 'form',
    words: 'tin|tax id|tax identification|bir|taxpayer',
  },
  { type: 'ph_tin', forms: ['999-999-999', '999999999999'], strength: 'bare', words: 'tin|bir|taxpayer' },
]

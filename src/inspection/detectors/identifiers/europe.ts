import { hasDayAndMonth, isDay, passesLuhn, weigh } from './checksums.ts'
import { type Identifier, lengths } from './identifier.ts'

/** Real Decreto 1553/2005, artículo 11: the number's rest by 23 chooses the letter. */
const passesSpanish = (value: string) => {
  const digits = value.slice(0, -1).replace(/^[XYZ]/, letter => String('XYZ'.indexOf(letter)))
  return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(digits) % 23) === value.at(-1)
}

/** Digitaalinen ja väestötietovirasto: the rest by 31 of birthday and individual number chooses the last character. */
const passesFinnish = (value: string) => {
  const number = value.slice(0, 6) + value.slice(-4, -1)
  return (
    hasDayAndMonth(value, 0) &&
    Number(value.slice(-4, -1)) >= 2 &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(number) % 31) === value.at(-1)
  )
}

/** Decreto ministeriale 23 dicembre 1976, values of the characters at odd places from 0 and A on. */
const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

/** The last letter of a codice fiscale. */
const passesFiscalCode = (value: string) => {
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const code = value.charCodeAt(i)
    const order = code < 58 ? code - 48 : code - 65
    sum += i % 2 === 0 ? (oddValues[order] ?? 0) : order
  }
  return String.fromCharCode(65 + (sum % 26)) === value[15]
}

/** Surname, name, birthday and place. L to V stand for the digits where two people would have the same code. */
const fiscalCode = /^[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][0-7LMNP-T][\dLMNP-V][A-Z][\dLMNP-V]{3}[A-Z]$/

/** Agenzia delle Entrate: Luhn, and digits 8 to 10 are the office's province. */
const isItalianVat = (value: string) => {
  const office = Number(value.slice(7, 10))
  return (
    !value.startsWith('0000000') &&
    ((office > 0 && office <= 100) || [120, 121, 888, 999].includes(office)) &&
    passesLuhn(value)
  )
}

/** Ustawa o ewidencji ludności, artykuł 15: the century is in the month, and weights are 1, 3, 7, 9. */
const passesPesel = (value: string) =>
  isDay(Number(value.slice(2, 4)) % 20, Number(value.slice(4, 6))) &&
  weigh(value.slice(0, 10), [1, 3, 7, 9]) % 10 === (10 - Number(value[10])) % 10

/** Skatteverket, SKV 704: Luhn on ten digits; 60 is added to the day in a coordination number. */
const passesPersonnummer = (value: string) => {
  const ten = value.slice(-10)
  return isDay(Number(ten.slice(2, 4)), Number(ten.slice(4, 6)) % 60) && passesLuhn(ten)
}

const personnummerWords =
  'personnummer|personnr|person-nr|pnr|samordningsnummer|personal identity|identity code|swedish|svensk'
const fiscalForms = ['XXXXXXXXXXXXXXXX', 'AAA AAA XXXXX XXXXX']
const fiscalWords = 'codice fiscale|fiscal code|cod. fisc|c.f.|tax code'
const driverWords = 'patente|driving licen|driver.{0,2} licen'

/** Nüfus ve Vatandaşlık İşleri: the tenth digit of the odd and even places' sums, the eleventh of all. */
const passesTurkish = (value: string) => {
  const odd = weigh(value.slice(0, 9), [1, 0])
  const even = weigh(value.slice(0, 8), [0, 1])
  return (
    (((odd * 7 - even) % 10) + 10) % 10 === Number(value[9]) &&
    weigh(value.slice(0, 10), [1]) % 10 === Number(value[10])
  )
}

export const europe: readonly Identifier[] = [
  {
    type: 'fi_personal_identity_code',
    // `-` and `+` say the century, and so do the letters: act 661/2009, section 11, as of 2023.
    forms: ['999999-999X', '999999+999X', '999999A999X'],
    pattern: /^\d{6}[A-FU-Y]?\d{3}[\dA-Y]$/,
    passes: passesFinnish,
    strength: 'proof',
    words: 'henkilötunnus|hetu|personbeteckning|personal identity|finnish',
  },
  {
    type: 'it_fiscal_code',
    forms: fiscalForms,
    pattern: fiscalCode,
    passes: passesFiscalCode,
    strength: 'proof',
    words: fiscalWords,
  },
  { type: 'it_fiscal_code', forms: fiscalForms, pattern: fiscalCode, strength: 'form', words: fiscalWords },
  {
    type: 'es_nie',
    forms: ['A9999999A', 'A 9999999 A', 'A9999999 A', 'A9999999-A'],
    pattern: /^[XYZ]/,
    passes: passesSpanish,
    strength: 'proof',
    words: 'nie|extranjero|foreigner',
  },
  {
    type: 'es_nif',
    forms: ['99999999A', '99999999 A', '9999999A', '9999999 A', '99.999.999-A', '99.999.999A', '9.999.999-A'],
    passes: passesSpanish,
    strength: 'distinct',
    words: 'nif|dni|documento nacional|identificación|identidad|identity|fiscal',
  },
  {
    type: 'tr_national_id',
    forms: ['99999999999', '999 999 999 99'],
    pattern: /^[1-9]/,
    passes: passesTurkish,
    strength: 'distinct',
    words: 'tckn|t.c.|tc kimlik|kimlik|kişi|vatandaş|turkish id|national id',
  },
  {
    type: 'se_personnummer',
    forms: ['999999-9999', '999999+9999', '99999999-9999', '99999999+9999'],
    pattern: /^(?:(?:1[89]|20)\d{10}|\d{10})$/,
    passes: passesPersonnummer,
    strength: 'distinct',
    words: personnummerWords,
  },
  {
    type: 'se_personnummer',
    forms: ['9999999999', '999999999999', '99999999 9999', '999999 9999'],
    pattern: /^(?:(?:1[89]|20)\d{10}|\d{10})$/,
    passes: passesPersonnummer,
    strength: 'checked',
    words: personnummerWords,
  },
  {
    // Bolagsverket: like a personal number, but the third digit is 2 or more, so that it is no month.
    type: 'se_organisationsnummer',
    forms: ['999999-9999', '9999999999', '99999999-9999', '999999999999'],
    pattern: /^(?:16)?[1-9]\d[2-9]\d{7}$/,
    passes: value => passesLuhn(value.slice(-10)),
    strength: 'checked',
    words: 'organisationsnummer|orgnr|org.nr|org nr|org.nummer|org-nr|företag|bolag|company registration|swedish',
  },
  {
    type: 'pl_pesel',
    forms: ['99999999999'],
    passes: passesPesel,
    strength: 'checked',
    words: 'pesel|numer ewidencyjny|polish',
  },
  {
    type: 'it_vat_code',
    forms: ['AA99999999999', 'AA 99999999999'],
    pattern: /^IT/,
    passes: value => isItalianVat(value.slice(2)),
    strength: 'proof',
    words: 'partita iva|p.iva|piva|vat',
  },
  {
    type: 'it_vat_code',
    forms: ['99999999999', '999 999 999 99', '99 999 999 999'],
    passes: isItalianVat,
    strength: 'checked',
    words: 'partita iva|p.iva|p. iva|piva|iva|vat|codice fiscale',
  },
  {
    // Licences since 2013 are U1 and seven characters, and their check letter is not published.
    type: 'it_driver_license',
    forms: ['AA9999999A', 'AXXXXXXXXA'],
    pattern: /^(?:[A-Z]{2}\d{7}[A-Z]|U1[B-HJ-NP-TV-Z\d]{7}[A-Z])$/,
    strength: 'form',
    words: driverWords,
  },
  {
    // Paper cards have two letters before, magnetic ones after; electronic ones are CA00000AA.
    type: 'it_identity_card',
    forms: ['AA9999999', 'AA 9999999', '9999999AA', '9999999 AA', 'AA99999AA', 'AA 99999 AA'],
    pattern: /^(?:[A-Z]{2}\d{7}|\d{7}[A-Z]{2}|C[A-Z]\d{5}[A-Z]{2})$/,
    strength: 'form',
    words: "carta d'identit|carta identit|identity card|id card|carta di identit|cie",
  },
  { type: 'it_passport', forms: ['AA9999999', 'AA 9999999'], strength: 'form', words: 'passaporto|italian passport' },
  {
    type: 'uk_passport',
    forms: ['AA9999999'],
    strength: 'form',
    words: 'british passport|uk passport|hm passport|passport',
  },
  { type: 'uk_passport', forms: ['999999999'], strength: 'bare', words: 'british passport|uk passport|hm passport' },
  { type: 'es_passport', forms: ['AAA999999', 'AAA 999999'], strength: 'form', words: 'pasaporte|passport' },
  {
    type: 'tr_license_plate',
    forms: [...lengths('A ', '9', 2, 5), ...lengths('AA ', '9', 2, 4), ...lengths('AAA ', '9', 2, 4)].flatMap(rest => [
      `99 ${rest}`,
      `99${rest.replace(' ', '')}`,
    ]),
    // Provinces 01 to 81; the Turkish alphabet has no Q, W or X.
    pattern: /^(?:0[1-9]|[1-7]\d|8[01])[A-PR-VYZ]{1,3}\d{2,5}$/,
    strength: 'form',
    words: 'plaka|plate|araç|vehicle|araba',
  },
]

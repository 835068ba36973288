import { hasDayAndMonth, passesMod1110, passesTravelDocument, weighCrossSums } from './checksums.ts'
import { type Identifier, lengths } from './identifier.ts'

/** A letter counts as two digits, A as 01. */
const spellLetters = (value: string) =>
  value.replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 64).padStart(2, '0'))

/** § 290 SGB V, Anlage 1: the check digit of the unchangeable part of the Krankenversichertennummer. */
const passesHealthInsurance = (value: string) =>
  weighCrossSums(spellLetters(value.slice(0, 9)), [1, 2]) % 10 === Number(value[9])

/** § 2 VKVV: area, birthday (from 50 on for a second number of one day), first letter, series, check digit. */
const passesSocialSecurity = (value: string) => {
  const day = Number(value.slice(2, 4)) % 50
  return (
    hasDayAndMonth(String(day).padStart(2, '0') + value.slice(4, 6), 0) &&
    weighCrossSums(spellLetters(value.slice(0, 11)), [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(value[11])
  )
}

/** § 139b AO and BZSt: of the first ten digits one is there two or three times, never thrice in a row. */
const passesTaxId = (value: string) => {
  const counts = new Map<string, number>()
  for (const digit of value.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  const repeated = [...counts.values()].filter(count => count > 1)
  const [most = 0] = repeated
  return repeated.length === 1 && most <= 3 && !/(\d)\1\1/.test(value.slice(0, 10)) && passesMod1110(value)
}

/** KBV, Richtlinie zur Vergabe der Arztnummern: weights 4 and 9 on six digits, and two of the specialty. */
const passesDoctor = (value: string) => {
  let sum = 0
  for (let i = 0; i < 6; i++) sum += Number(value[i]) * (i % 2 === 0 ? 4 : 9)
  return (10 - (sum % 10)) % 10 === Number(value[6]) && value.slice(7) !== '00'
}

/** PAuswV and PassV: the serial has no vowels and no B, D, Q, S, so that it spells nothing and is not misread. */
const idCard = /^(?:[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ\d]{8}|T\d{8})\d?$/
const passport = /^[CFGHJK][CFGHJKLMNPRTVWXYZ\d]{8}\d?$/

const idWords = 'personalausweis|ausweis|identity card|id card|german id|perso'
const passportWords = 'reisepass|passport|passnummer|pass-nr|paß'
const taxIdForms = ['99999999999', '99 999 999 999', '999 999 999 99']
const taxIdWords = 'steuer|idnr|tax id|tax identification|tin|tax number|idnummer'
const taxNumberForms = ['99', '999'].flatMap(office =>
  ['999', '9999'].flatMap(district => ['9999', '99999'].map(number => `${office}/${district}/${number}`)),
)
const taxNumberWords = 'steuernummer|steuer-nr|steuernr|st.-nr|st.nr|stnr|tax number|tax no|finanzamt'

/** FZV, Anlage 1 to 3: district, letters, digits, and E for electric or H for historic. */
const plates = ['A', 'AA', 'AAA'].flatMap(district =>
  ['A', 'AA'].flatMap(letters => [
    ...['', 'A'].flatMap(suffix => lengths(`${district} ${letters} `, '9', 1, 4, suffix)),
    ...['', 'A'].flatMap(suffix => lengths(`${district}-${letters} `, '9', 1, 4, suffix)),
    ...['', 'A'].flatMap(suffix => lengths(`${district} ${letters}`, '9', 1, 4, suffix)),
  ]),
)

export const germany: readonly Identifier[] = [
  {
    type: 'de_social_security',
    forms: ['99999999A999', '99 999999 A 999', '99 999999 A 99 9'],
    passes: passesSocialSecurity,
    strength: 'proof',
    words:
      'sozialversicherung|rentenversicherung|versicherungsnummer|rvnr|svnr|sv-nummer|social security|pension insurance',
  },
  {
    type: 'de_vat_id',
    forms: ['AA999999999', 'AA 999999999', 'AA 999 999 999'],
    pattern: /^DE[1-9]\d{8}$/,
    passes: value => passesMod1110(value.slice(2)),
    strength: 'proof',
    words: 'ust|umsatzsteuer|vat',
  },
  {
    type: 'de_vat_id',
    forms: ['AA999999999', 'AA 999999999', 'AA 999 999 999'],
    pattern: /^DE[1-9]\d{8}$/,
    strength: 'form',
    words: 'ust|umsatzsteuer|vat|mehrwertsteuer|rechnung|invoice',
  },
  {
    type: 'de_health_insurance',
    forms: ['A999999999', 'A 999999999', 'A 999 999 999', 'A999 999 999'],
    passes: passesHealthInsurance,
    strength: 'checked',
    words: 'kvnr|krankenversich|krankenkasse|versichert|gesundheitskarte|health insurance|egk',
  },
  {
    type: 'de_passport',
    forms: ['XXXXXXXXXX'],
    pattern: passport,
    passes: passesTravelDocument,
    strength: 'checked',
    words: passportWords,
  },
  {
    type: 'de_passport',
    forms: ['XXXXXXXXX'],
    pattern: /^(?=.*\d.*\d)/,
    passes: value => passport.test(value),
    strength: 'form',
    words: passportWords,
  },
  {
    type: 'de_id_card',
    forms: ['XXXXXXXXXX'],
    pattern: idCard,
    passes: passesTravelDocument,
    strength: 'checked',
    words: idWords,
  },
  {
    type: 'de_id_card',
    forms: ['XXXXXXXXX'],
    pattern: /^(?=.*\d.*\d)/,
    passes: value => idCard.test(value),
    strength: 'form',
    words: idWords,
  },
  {
    // FeV, Anlage 8: authority, serial, check digit (X for ten) and the count of copies.
    type: 'de_fuehrerschein',
    forms: ['AXXXXXXXXXX'],
    pattern: /^[A-Z][A-Z\d]{3}(?=\w*\d\w*\d)[A-Z\d]{5}[\dX][A-Z\d]$/,
    strength: 'form',
    words: 'führerschein|fuehrerschein|fahrerlaubnis|driving licen|driver.{0,2} licen',
  },
  {
    type: 'de_tax_id',
    forms: taxIdForms,
    pattern: /^[1-9]/,
    passes: passesTaxId,
    strength: 'checked',
    words: taxIdWords,
  },
  {
    // Beside its name the check digit is enough, as for the many sample numbers in use.
    type: 'de_tax_id',
    forms: taxIdForms,
    pattern: /^[1-9]/,
    passes: passesMod1110,
    strength: 'bare',
    words: taxIdWords,
  },
  {
    // The Länder's own forms: office, district, and number with its check digit.
    type: 'de_tax_number',
    forms: [...taxNumberForms, ...taxNumberForms.map(form => form.replaceAll('/', ' ')), '99999/99999'],
    pattern: /[1-9]/,
    strength: 'form',
    words: taxNumberWords,
  },
  {
    type: 'de_tax_number',
    // The unified form of the tax return: it starts with the Land and has 0 fifth.
    forms: ['9999999999999', '9999 9999 99999'],
    pattern: /^(?:1[01]|2[1-8]|3[0-2]|4[01]|5\d|9[0-2])\d\d0\d{8}$/,
    strength: 'form',
    words: taxNumberWords,
  },
  {
    type: 'de_tax_number',
    forms: ['9999999999', '99999999999', '9999999999999'],
    pattern: /^(?:\d{10,11}|\d{4}0\d{8})$/,
    strength: 'bare',
    words: taxNumberWords,
  },
  {
    type: 'de_handelsregister',
    forms: ['', 'A']
      .flatMap(suffix => [...lengths('AAA ', '9', 1, 6, suffix), ...lengths('AAA', '9', 2, 6, suffix)])
      .concat(lengths('AAA ', '9', 2, 6, ' A')),
    pattern: /^HR[AB]\d/,
    strength: 'distinct',
    words: 'handelsregister|amtsgericht|registergericht|commercial register|registernummer',
  },
  {
    type: 'de_handelsregister',
    forms: ['AA', 'AAA'].flatMap(prefix => lengths(`${prefix} `, '9', 1, 6)),
    pattern: /^(?:VR|PR|GNR|GSR)\d/,
    strength: 'form',
    words: 'register|amtsgericht',
  },
  {
    type: 'de_lanr',
    forms: ['999999999', '999999 9 99', '9999999 99'],
    passes: passesDoctor,
    strength: 'checked',
    words: 'lanr|arztnummer|arzt-nr|arztnr|lebenslange arzt|vertragsarzt|physician number',
  },
  {
    type: 'de_bsnr',
    forms: ['999999999'],
    pattern: /^(?!00)/,
    strength: 'bare',
    words: 'bsnr|betriebsst|praxisnummer|nbsnr',
  },
  {
    type: 'de_kfz',
    forms: plates,
    pattern: /^[A-Z]{2,5}[1-9]\d{0,3}[EH]?$/,
    strength: 'form',
    words: 'kennzeichen|kfz|fahrzeug|nummernschild|plate|vehicle|auto|pkw|zulassung|halter|car',
  },
  {
    type: 'de_plz',
    forms: ['99999'],
    pattern: /^(?!99999)(?:0[1-9]|[1-9]\d)\d{3}$/,
    strength: 'bare',
    words: 'plz|postleitzahl|postal code|post code|postcode|wohnort|anschrift',
  },
]

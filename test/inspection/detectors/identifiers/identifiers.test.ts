import { describe, expect, it } from 'vitest'
import type { PersonalDataType } from '../../../../src/contracts/facts.ts'
import { personalDataKinds } from '../../../../src/contracts/facts.ts'
import { detect, findAll } from '../../../../src/inspection/detect.ts'
import { identifier } from '../../../../src/inspection/detectors/identifiers.ts'
import { growth, inProportion, repeated } from '../../../growth.ts'
import { findBy } from '../../looking.ts'

/** Beside a word that says what it is, a right one and a wrong one. */
const beside: [type: PersonalDataType, right: string, wrong: string][] = [
  ['in_aadhaar', 'Her Aadhaar is 2345 6789 0124.', 'Her Aadhaar is 2345 6789 0125.'],
  ['in_gstin', 'GSTIN of the shop: 29ABCPE4567F1ZU', 'GSTIN of the shop: 29ABCPE4567F1XU'],
  ['in_pan', 'PAN card ABCPE4567F', 'PAN card ABCDE4567F'],
  ['in_voter', 'voter id XYZ1234567', 'voter id XY1234567'],
  ['in_passport', 'his passport, K2345678', 'his passport, K0345678'],
  ['in_vehicle_registration', 'vehicle KA 05 MJ 4321', 'vehicle QQ 05 MJ 4321'],
  ['kr_rrn', '주민등록번호 820315-1045678', '주민등록번호 821315-1045678'],
  ['kr_frn', '외국인등록번호 820315-6045673', '외국인등록번호 820399-6045673'],
  ['kr_brn', '사업자등록번호 214-87-12348', '사업자등록번호 214-87-12349'],
  ['kr_driver_license', '운전면허 11-22-345678-90', '운전면허 99-22-345678-90'],
  ['kr_passport', '여권 M12345678', '여권 M1234567'],
  ['sg_nric_fin', 'NRIC T0123456G', 'NRIC A0123456G'],
  ['sg_uen', 'UEN T08LL1234H', 'UEN T08LL1234J'],
  ['th_tnin', 'บัตรประชาชน 3-1012-01234-56-9', 'บัตรประชาชน 3-1012-01234-56-8'],
  ['au_abn', 'ABN 53 004 085 616', 'ABN 53 004 085 617'],
  ['au_acn', 'ACN 004 085 616', 'ACN 004 085 617'],
  ['au_medicare', 'Medicare card 3950 12349 1', 'Medicare card 3950 12348 1'],
  ['au_tfn', 'tax file number 123 456 782', 'tax file number 123 456 783'],
  ['ph_tin', 'TIN 123-456-789-000', 'TIN 123-456-78'],
  ['fi_personal_identity_code', 'hetu 150682-123M', 'hetu 150682-123N'],
  ['es_nif', 'DNI 50.123.456-Q', 'DNI 50.123.456-R'],
  ['es_nie', 'NIE X2345678T', 'NIE X2345678S'],
  ['es_passport', 'pasaporte PAB123456', 'pasaporte PA123456'],
  ['it_fiscal_code', 'codice fiscale RSSMRA80A01H501U', 'codice fiscale RSSMRA80Z01H501U'],
  ['it_vat_code', 'partita IVA 07488110151', 'partita IVA 07488110152'],
  ['it_identity_card', "carta d'identità CA12345BB", "carta d'identità CA1234BB"],
  ['it_driver_license', 'patente U1B23CD45E', 'patente U2B23CD45E'],
  ['it_passport', 'passaporto YA1234567', 'passaporto Y1234567'],
  ['tr_national_id', 'TCKN 28153467006', 'TCKN 28153467016'],
  ['tr_license_plate', 'plaka 34 BK 4321', 'plaka 82 BK 4321'],
  ['se_personnummer', 'personnummer 811228-9874', 'personnummer 811228-9875'],
  ['se_organisationsnummer', 'org nr 556074-3089', 'org nr 556074-3088'],
  ['pl_pesel', 'PESEL 02281501232', 'PESEL 02281501233'],
  ['de_social_security', 'RVNR 12150682M014', 'RVNR 12150682M015'],
  ['de_vat_id', 'USt-IdNr. DE 136695976', 'USt-IdNr. DF 136695976'],
  ['de_health_insurance', 'Krankenkasse M310119802', 'Krankenkasse M310119803'],
  ['de_lanr', 'LANR 123456601', 'LANR 123456701'],
  ['de_bsnr', 'BSNR 382345678', 'BSNR 38234567'],
  ['de_tax_id', 'Steuer-ID 57 549 285 017', 'Steuer-ID 57 549 285 018'],
  ['de_tax_number', 'Steuernummer 21/815/08150', 'Steuernummer 21/81/08150'],
  ['de_handelsregister', 'Amtsgericht Köln, HRB 54321', 'Amtsgericht Köln, HRB 7654321'],
  ['de_id_card', 'Personalausweis T220001293', 'Personalausweis A220001293'],
  ['de_passport', 'Reisepass C01X00T47', 'Reisepass A01X00T47'],
  ['de_fuehrerschein', 'Führerschein B072RRE2I55', 'Führerschein B072RRE2I5'],
  ['de_kfz', 'Kennzeichen K-AB 1234', 'Kennzeichen K-AB 0234'],
  ['de_plz', 'PLZ 50667', 'PLZ 00667'],
  ['uk_nhs', 'NHS number 943 476 5919', 'NHS number 943 476 5918'],
  ['uk_nino', 'NI number AB 12 34 56 C', 'NI number BG 12 34 56 C'],
  ['uk_passport', 'British passport 123456789', 'British passport 12345678'],
  ['uk_driving_licence', 'driving licence BAKER751018JA9EF', 'driving licence BAKER763018JA9EF'],
  ['uk_vehicle_registration', 'the car is BD51 SMR', 'the car is BD41 SMR'],
  ['uk_postcode', 'the address ends in SW1A 2AA', 'the address ends in QQ1A 2AA'],
  ['za_id_number', 'South African ID 8206155123081', 'South African ID 8206155123082'],
  ['ng_nin', 'NIN: 45123678906', 'NIN: 4512367890'],
  ['ng_vehicle_registration', 'plate number KJA-234XY', 'plate number KJA-2345XY'],
  ['us_npi', 'the provider has NPI 1234567893', 'the provider has NPI 1234567894'],
  ['us_mbi', 'Medicare 1AC2-DE3-FG45', 'Medicare 1SC2-DE3-FG45'],
  ['us_itin', 'ITIN 912-71-1234', 'ITIN 912-49-1234'],
  ['us_passport', 'US passport A12345678', 'US passport A123456'],
  ['us_driver_license', "driver's license D1234567", "driver's license D1"],
  ['aba_routing_number', 'routing number 021000021', 'routing number 021000022'],
  ['medical_license', 'DEA AB1234563', 'DEA AB1234564'],
  ['medical_record', 'MRN 00482915', 'MRN 0048'],
  ['ca_sin', 'social insurance number 523 456 788', 'social insurance number 523 456 789'],
  ['passport', 'le passeport 12AB34567', 'le passeport 12'],
  ['tax_id', 'our EIN is 12-3456789', 'our EIN is 12-345'],
  ['us_bank_number', 'direct deposit to 12345678901', 'direct deposit to 1234567'],
  ['bank_account', 'bank account 12345678', 'bank account 1234'],
]

const typesIn = (text: string) => findBy(identifier, text).map(finding => finding.type)

describe('beside a word that says what it is', () => {
  it.each(beside)('%s: %s', (type, right, wrong) => {
    expect(typesIn(right)).toContain(type)
    expect(typesIn(wrong)).not.toContain(type)
  })

  it('covers every type that the detector names', () => {
    expect(new Set(beside.map(([type]) => type))).toEqual(new Set(identifier.types))
    for (const type of identifier.types) expect(personalDataKinds).toHaveProperty(type)
  })

  it('takes the word after the number as well, and none across the border of two texts', () => {
    expect(detect('9434765919 is her NHS number').uk_nhs).toBe(1)
    expect(findAll('NHS\0order 9434765919 has been shipped today').map(({ type }) => type)).not.toContain('uk_nhs')
  })
})

describe('without a word', () => {
  it.each([
    'order 9434765919 has been shipped today',
    'https://shop.example/orders/9434765919?x=1234567893',
    'a total of $943476591 and 1,234,567,893 bytes or 523.456788 s',
    'if l1 < 2 or e2 > 30: return AB1 + CD23',
    'id: 550e8400-e29b-41d4-a716-446655440000, build 20261125',
    'sha512-AB123456C/AB123456C+AB123456C==',
    'in 2024 we sold 123456782 units in 12 34 56 days',
  ])('%s holds none', text => {
    const found = findAll(text).filter(({ type }) => (identifier.types as readonly string[]).includes(type))
    expect(found).toEqual([])
  })

  it('is sure of what proves itself', () => {
    const [found] = findAll('Il signor Rossi ha RSSMRA80A01H501U come sempre').filter(
      ({ type }) => type === 'it_fiscal_code',
    )
    expect(found?.confidence).toBe(1)
  })

  it('lets a check digit speak for a number that is most of its text, and is less sure', () => {
    const [found] = findAll(' 485 777 3457\n')
    expect(found).toMatchObject({ type: 'uk_nhs', start: 1, end: 13 })
    expect(found?.confidence).toBeLessThan(0.75)
  })
})

it('finds an expected type before others', () => {
  expect(findAll('XY1234567', new Set(['it_passport']))[0]?.type).toBe('it_passport')
  expect(findAll('XY1234567', new Set(['uk_passport']))[0]?.type).toBe('uk_passport')
})

// Chains of runs, endless runs, and numbers that fit many forms at once: time must grow with the length only.
it.each(['1 ', 'a-1-', '123456782 ', 'A1', 'a', 'a b ', '99-99 ', '\0' + '1'])('is linear on %j', part => {
  expect(growth(size => findBy(identifier, repeated(part, size)), 262_144)).toBeLessThan(inProportion)
})

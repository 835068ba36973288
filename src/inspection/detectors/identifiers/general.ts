import { type Identifier, lengths } from './identifier.ts'

/** Identifiers of no one country, known by the word beside them. They come last, so that a national one stands. */
export const general: readonly Identifier[] = [
  {
    type: 'medical_record',
    forms: [
      ...lengths('', '9', 5, 12),
      ...lengths('A', '9', 5, 9),
      ...lengths('AA', '9', 5, 9),
      ...lengths('AAA ', '9', 4, 10),
      ...lengths('AA ', '9', 5, 9),
    ],
    strength: 'bare',
    words:
      'mrn|medical record|patient id|patient number|patient no|chart number|chart no|hospital number|health record',
  },
  {
    type: 'passport',
    forms: [
      ...lengths('', '9', 7, 9),
      ...lengths('A', '9', 6, 9),
      ...lengths('AA', '9', 6, 8),
      '99AA99999',
      'XXXXXXXXX',
    ],
    pattern: /\d.*\d/,
    strength: 'bare',
    words: 'passport|passeport|reisepass|pasaporte|passaporto|paspoort|паспорт|护照|パスポート|여권',
  },
  {
    type: 'tax_id',
    forms: ['99-9999999', ...lengths('', '9', 8, 13), ...lengths('AA', '9', 8, 12), '999 999 999', '99 999 999 999'],
    strength: 'bare',
    words:
      'ein|employer identification|tax id|tax identification|taxpayer id|vat number|vat id|vat no|vat reg|tin|steuer-id|numéro fiscal',
  },
  {
    type: 'us_bank_number',
    forms: lengths('', '9', 8, 17),
    strength: 'bare',
    words: 'checking account|savings account|direct deposit|us bank account',
  },
  {
    type: 'bank_account',
    forms: [...lengths('', '9', 6, 17), '99 99 99 99999999', '9999 9999 9999', '99999 99999 99999999999 99'],
    strength: 'bare',
    words:
      'bank account|account number|account no|acct|kontonummer|konto|numéro de compte|número de cuenta|numero di conto|iban',
  },
]

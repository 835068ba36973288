import { hasMonthAndDay, passesLuhn, passesVerhoeff } from './checksums.ts'
import type { Identifier } from './identifier.ts'

export const africa: readonly Identifier[] = [
  {
    // Department of Home Affairs: birthday, sequence, citizenship 0 to 2, 8 or 9, Luhn.
    type: 'za_id_number',
    forms: ['9999999999999', '999999 9999 999', '999999 9999 99 9'],
    pattern: /^\d{10}[0-2][89]\d$/,
    passes: value => hasMonthAndDay(value, 2) && passesLuhn(value),
    strength: 'distinct',
    words: 'south african|identity number|id number|rsa id|id no|identiteitsnommer|sa id',
  },
  {
    type: 'ng_nin',
    forms: ['99999999999', '9999 999 9999'],
    passes: passesVerhoeff,
    strength: 'checked',
    words: 'nin|national identification|national identity|nimc',
  },
  { type: 'ng_nin', forms: ['99999999999'], strength: 'bare', words: 'nin number|nimc|national identification number' },
  {
    // FRSC: local government, serial, and the letters of year and batch.
    type: 'ng_vehicle_registration',
    forms: ['AAA 999AA', 'AAA999AA', 'AAA 999 AA'],
    pattern: /^[A-Z]{3}\d{3}[A-Z]{2}$/,
    strength: 'form',
    words: 'plate|vehicle|registration|car|frsc',
  },
]

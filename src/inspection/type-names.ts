import { type FindingType, personalDataTypes, secretTypes } from '../contracts/facts.ts'

/** Names that other tools and labelled texts use, beside our own. */
const otherNames: Readonly<Record<string, FindingType>> = {
  person: 'person_name',
  email_address: 'email',
  phone_number: 'phone',
  tr_phone_number: 'phone',
  ph_mobile_number: 'phone',
  iban_code: 'iban',
  crypto: 'crypto_wallet',
  address: 'postal_address',
}

const ownNames: ReadonlySet<string> = new Set([...personalDataTypes, ...secretTypes])
const isOwnName = (name: string): name is FindingType => ownNames.has(name)

/** Our type of a name in any case (`US_SSN`, `PERSON`), null if there is none. */
export const typeOfName = (name: string): FindingType | null => {
  const lower = name.toLowerCase()
  const type = otherNames[lower] ?? lower
  return isOwnName(type) ? type : null
}

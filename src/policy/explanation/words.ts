import type { PersonalDataType } from '../../contracts/facts.ts'

/** Types in the words of those who are asked to remove them. The rest say what they are by their names. */
const wordsOf: Partial<Record<PersonalDataType, string>> = {
  email: 'e-mail address',
  phone: 'telephone number',
  credit_card: 'card number',
  iban: 'IBAN',
  bank_account: 'bank account number',
  us_ssn: 'US social security number',
  us_passport: 'US passport number',
  uk_nhs: 'NHS number',
  ip_address: 'IP address',
  mac_address: 'MAC address',
  crypto_wallet: 'wallet address',
  person_name: 'name of a person',
  postal_address: 'postal address',
  date_of_birth: 'date of birth',
}

/** `2 e-mail addresses, 1 IBAN`. */
export function counted(counts: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(counts)
    .map(([type, count = 0]) => `${count} ${count === 1 ? singular(type) : plural(singular(type))}`)
    .join(', ')
}

function singular(type: string): string {
  return (wordsOf as Record<string, string>)[type] ?? type.replaceAll('_', ' ')
}

function plural(words: string): string {
  const [first = '', ...rest] = words.split(' of ')
  return [`${first}${first.endsWith('s') ? 'es' : 's'}`, ...rest].join(' of ')
}

/**
 * Kinds of personal data that a detector can report, named as Presidio names them where it does.
 * `identifier`: names or reaches one person or account. `detail`: personal only beside something else.
 * `context`: recorded, and personal by nobody's rules until a policy says so.
 */
export const personalDataKinds = {
  email: 'identifier',
  phone: 'identifier',
  credit_card: 'identifier',
  iban: 'identifier',
  bank_account: 'identifier',
  us_ssn: 'identifier',
  us_itin: 'identifier',
  us_npi: 'identifier',
  us_mbi: 'identifier',
  us_passport: 'identifier',
  us_driver_license: 'identifier',
  us_bank_number: 'identifier',
  aba_routing_number: 'context',
  medical_license: 'identifier',
  medical_record: 'identifier',
  ca_sin: 'identifier',
  uk_nhs: 'identifier',
  uk_nino: 'identifier',
  uk_passport: 'identifier',
  uk_driving_licence: 'identifier',
  uk_vehicle_registration: 'identifier',
  uk_postcode: 'context',
  de_id_card: 'identifier',
  de_passport: 'identifier',
  de_fuehrerschein: 'identifier',
  de_health_insurance: 'identifier',
  de_social_security: 'identifier',
  de_tax_id: 'identifier',
  de_tax_number: 'identifier',
  de_vat_id: 'context',
  de_handelsregister: 'context',
  de_bsnr: 'identifier',
  de_lanr: 'identifier',
  de_kfz: 'identifier',
  de_plz: 'context',
  es_nie: 'identifier',
  es_nif: 'identifier',
  es_passport: 'identifier',
  fi_personal_identity_code: 'identifier',
  it_fiscal_code: 'identifier',
  it_driver_license: 'identifier',
  it_identity_card: 'identifier',
  it_passport: 'identifier',
  it_vat_code: 'context',
  pl_pesel: 'identifier',
  se_personnummer: 'identifier',
  se_organisationsnummer: 'context',
  tr_national_id: 'identifier',
  tr_license_plate: 'identifier',
  au_abn: 'context',
  au_acn: 'context',
  au_medicare: 'identifier',
  au_tfn: 'identifier',
  in_aadhaar: 'identifier',
  in_pan: 'identifier',
  in_gstin: 'context',
  in_passport: 'identifier',
  in_vehicle_registration: 'identifier',
  in_voter: 'identifier',
  kr_rrn: 'identifier',
  kr_frn: 'identifier',
  kr_brn: 'context',
  kr_driver_license: 'identifier',
  kr_passport: 'identifier',
  sg_nric_fin: 'identifier',
  sg_uen: 'context',
  th_tnin: 'identifier',
  ng_nin: 'identifier',
  ng_vehicle_registration: 'identifier',
  ph_tin: 'identifier',
  za_id_number: 'identifier',
  passport: 'identifier',
  tax_id: 'identifier',
  crypto_wallet: 'identifier',
  ip_address: 'identifier',
  mac_address: 'identifier',
  username: 'identifier',
  person_name: 'detail',
  postal_address: 'detail',
  date_of_birth: 'detail',
  date_time: 'context',
  url: 'context',
} as const satisfies Record<string, 'identifier' | 'detail' | 'context'>
export type PersonalDataType = keyof typeof personalDataKinds
export const personalDataTypes = Object.keys(personalDataKinds) as PersonalDataType[]

/** Findings by type: how many distinct places, never which. Types with no finding are absent. */
export type PersonalDataCounts = Partial<Record<PersonalDataType, number>>

/** Kinds of secrets that a detector can report, by what they open. */
export const secretTypes = [
  'secret_provider_key',
  'secret_cloud_credential',
  'secret_private_key',
  'secret_token',
  'secret_connection_string',
  'secret_webhook_url',
  'secret_password',
] as const
export type SecretType = (typeof secretTypes)[number]
export type SecretCounts = Partial<Record<SecretType, number>>

/** A type that a customer named for a detector of its own. */
export type CustomType = `custom:${string}`

/** Whatever a detector can report. */
export type FindingType = PersonalDataType | SecretType | CustomType

/** Who a text of a call is from, as far as orders in it matter: the developer gives orders rightly. */
export const speakers = ['developer', 'user', 'tool'] as const
export type Speaker = (typeof speakers)[number]

/**
 * How much the call's texts look like orders to the model that their speaker has no right to: 0 to 1, in hundredths.
 */
export type InjectionSignal = { score: number; speaker: Speaker | null }

/** What a call carries that could not be looked into, by kind. */
export const uninspectableKinds = [
  'image',
  'audio',
  'video',
  'file',
  'tokens',
  'reference',
  'upload',
  'socket',
  'binary',
  'long_text',
] as const
export type UninspectableKind = (typeof uninspectableKinds)[number]

/** Keys under which a caller may declare metadata of a call. */
export const declarableKeys = [
  'intent',
  'use_case',
  'purpose',
  'application',
  'app',
  'environment',
  'team',
  'feature',
  'user',
  'session',
  'department',
  'project',
  'cost_center',
  'data_classification',
  'contains_personal_data',
  'is_external_model',
] as const

/**
 * `proxy`: a call, inspected. `check`: declared to `POST /v1/check`. `inspect`: a text that was sent to be looked into.
 */
export const sources = ['proxy', 'check', 'inspect'] as const
export type Source = (typeof sources)[number]

/** Sizes of a call. All are counts; `estimated_tokens` is characters / 4, rounded up. */
export type Sizes = {
  messages: number
  characters: number
  estimated_tokens: number
  tools: number
  images: number
  audio: number
  files: number
}

/** What an answer carried, found when it was over. Recorded and not judged: it had been sent by then. */
export type ResponseFacts = {
  characters: number
  personal_data: { types: PersonalDataCounts; uncertain: PersonalDataCounts }
  secrets: SecretCounts
  custom: Record<string, number>
  uninspectable_content: UninspectableKind[]
  uninspected_characters: number
}

/**
 * Everything that policy may know of a call, and all of it that leaves the call's scope.
 * Holds counts, names from closed sets and bounded identifiers; a content field cannot be expressed.
 * It is stored as it is (`usage_log.meta`), hence the snake_case of the database and the API.
 */
export type Facts = {
  source: Source
  /** The proxy's operation name (`chat.completions.create`), or on `check` the caller's own word. */
  operation: string
  /** True if `operation` is one of the proxy's own names. */
  known_operation: boolean
  model: string | null
  provider: string | null
  /** The provider is outside the organisation, or the caller said so. */
  external: boolean
  stream: boolean
  /** Upper bound on generated tokens that the caller asked for, null when it did not say. */
  max_output_tokens: number | null
  sizes: Sizes
  /** `uncertain` are those of `types` that a detector is less than three quarters sure of. */
  personal_data: { declared: boolean; types: PersonalDataCounts; uncertain: PersonalDataCounts }
  secrets: SecretCounts
  /** Findings of the customer's own detectors, by the type that it gave them. */
  custom: Record<string, number>
  prompt_injection: InjectionSignal
  /** Names of the tools that the call offers, as far as they are plain names, and how many there are in all. */
  tools: { names: string[]; total: number }
  /** Whose call it is, in the owner's own words for them. */
  caller: { key_name: string; key_age_days: number; customer_email: string }
  /** When the call arrived, in milliseconds since 1970. */
  at: number
  /** US dollars of this customer's calls in this month (UTC) so far; null where no rule asks for it. */
  usage: { month_cost: number | null }
  uninspectable_content: UninspectableKind[]
  /** Characters of text past the limit, which no detector looked at. */
  uninspected_characters: number
  /** Metadata that the caller declared, under allow-listed keys, with bounded values. */
  declared: Record<string, string | boolean>
}

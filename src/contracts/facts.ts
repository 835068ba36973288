/** Kinds of personal data that a detector can report. */
export const personalDataTypes = ['email', 'phone', 'payment_card', 'iban', 'us_ssn', 'ip_address'] as const
export type PersonalDataType = (typeof personalDataTypes)[number]

/** Findings by type: how many distinct places, never which. Types with no finding are absent. */
export type PersonalDataCounts = Partial<Record<PersonalDataType, number>>

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
] as const
export type UninspectableKind = (typeof uninspectableKinds)[number]

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

/**
 * Everything that policy may know of a call, and all of it that leaves the call's scope.
 * Holds counts, names from closed sets and bounded identifiers; a content field cannot be expressed.
 * It is stored as it is (`usage_log.meta`), hence the snake_case of the database and the API.
 */
export type Facts = {
  /** `proxy`: inspected by us. `check`: declared by the caller of `POST /v1/check`. */
  source: 'proxy' | 'check'
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
  personal_data: { declared: boolean; types: PersonalDataCounts }
  uninspectable_content: UninspectableKind[]
  /** Metadata that the caller declared, under allow-listed keys, with bounded values. */
  declared: Record<string, string | boolean>
}

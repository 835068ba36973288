/** Check-digit rules that a detector can hold its findings to: ISO/IEC 7812 (Luhn) and ISO/IEC 7064 (mod 97-10). */
export const checksums = ['none', 'luhn', 'mod97'] as const

/** A customer's own detector. */
export type CustomDetector = {
  type: string
  /** A regular expression in RE2's syntax. */
  pattern: string
  ignore_case: boolean
  /** The detector runs only on texts that hold one of these, in any case. */
  keywords: readonly string[]
  /** One of these must stand in the characters before a finding. */
  context: readonly string[]
  checksum: (typeof checksums)[number]
}

import { declarableKeys, type FindingType, personalDataKinds } from '../contracts/facts.ts'
import { declaredValue } from '../contracts/names.ts'
import { detectIn, normalFormOf } from './detect.ts'

/** Keys of declared metadata that may be kept. Their values are the caller's words for a call, not content. */
const keptKeys: ReadonlySet<string> = new Set(declarableKeys)

/** What a caller says against itself: no later word of anyone's takes it back. */
const riskFlags: ReadonlySet<string> = new Set(['contains_personal_data', 'is_external_model'])

const maxEntries = 32

/** Whether a finding names one person, account or secret. A name alone may be a team's. */
const names = ({ type }: { type: FindingType }) =>
  !(type in personalDataKinds) || personalDataKinds[type as keyof typeof personalDataKinds] === 'identifier'

/** Whether a word that is to be kept names one person, account or secret. */
export const namesSomeone = (text: string): boolean => detectIn(normalFormOf([text])).some(names)

/** Only these words take a flag back; whatever else stands there raises it. */
const isRaised = (value: unknown) =>
  typeof value === 'string' ? !/^(?:false|0|no|off)?$/i.test(value.trim()) : value !== false && value !== null

const isKept = (value: unknown): value is string | boolean =>
  typeof value === 'boolean' || (typeof value === 'string' && declaredValue.test(value) && !namesSomeone(value))

/**
 * Keeps of declared metadata what may be stored: allow-listed keys with booleans or bounded identifiers in which no
 * detector finds anything. The rest is dropped, never cut short. A later entry of a key replaces an earlier one, but a
 * flag that is raised stays raised.
 */
export const declaredMetadata = (entries: Iterable<[string, unknown]>): Record<string, string | boolean> => {
  const kept: Record<string, string | boolean> = {}
  let seen = 0
  for (const [key, value] of entries) {
    if (riskFlags.has(key)) kept[key] = kept[key] === true || isRaised(value)
    else if (++seen > maxEntries) continue
    else if (keptKeys.has(key) && isKept(value)) kept[key] = value
  }
  return kept
}

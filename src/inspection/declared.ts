import { declarableKeys, type FindingType, personalDataKinds } from '../contracts/facts.ts'
import { detectIn, normalFormOf } from './detect.ts'

/** Keys of declared metadata that may be kept. Their values are the caller's words for a call, not content. */
const keptKeys: ReadonlySet<string> = new Set(declarableKeys)

/** An identifier without spaces, too short for a sentence. */
const boundedValue = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/
const maxEntries = 32

/** Whether a finding names one person, account or secret. A name alone may be a team's. */
const names = ({ type }: { type: FindingType }) =>
  !(type in personalDataKinds) || personalDataKinds[type as keyof typeof personalDataKinds] === 'identifier'

const isKept = (value: unknown): value is string | boolean =>
  typeof value === 'boolean' ||
  (typeof value === 'string' && boundedValue.test(value) && !detectIn(normalFormOf([value])).some(names))

/**
 * Keeps of declared metadata what may be stored: allow-listed keys with booleans or bounded identifiers in which no
 * detector finds anything. The rest is dropped, never cut short. A later entry of a key replaces an earlier one.
 */
export const declaredMetadata = (entries: Iterable<[string, unknown]>): Record<string, string | boolean> => {
  const kept: Record<string, string | boolean> = {}
  let seen = 0
  for (const [key, value] of entries) {
    if (++seen > maxEntries) break
    if (keptKeys.has(key) && isKept(value)) kept[key] = value
  }
  return kept
}

import { isDeepStrictEqual } from 'node:util'
import { type PolicyKey, policyKeys } from '../../contracts/decision.ts'
import { policyDocuments } from '../documents.ts'

/** What is set, by policy: whole documents for everyone, or for one customer the fields that differ. */
export type Layer = Partial<Record<PolicyKey, unknown>>

/** What came with the product: for everyone, where nothing else is set. */
const defaults: Layer = Object.fromEntries(policyKeys.map(key => [key, policyDocuments[key].defaultValue]))

/** A stored layer, without what an older or newer product stored in it. */
export function knownLayer(stored: readonly (readonly [key: string, document: unknown])[]): Layer {
  return Object.fromEntries(stored.filter(([key]) => policyKeys.some(known => known === key)))
}

/** A layer for everyone that leaves nothing to the defaults: as the database holds it. */
export function wholeLayer(layer: Layer): Layer {
  return { ...defaults, ...layer }
}

/** Sets fields of a document and keeps its others; what is no object is set as it is, for validation to refuse. */
export function withFields(layer: Layer, key: PolicyKey, fields: unknown): Layer {
  const current = layer[key]
  return { ...layer, [key]: isObject(current) && isObject(fields) ? { ...current, ...fields } : fields }
}

export function withoutDocument(layer: Layer, key: PolicyKey): Layer {
  const { [key]: _unset, ...rest } = layer
  return rest
}

/** Policies that are set differently. The order of an object's keys says nothing: the database keeps its own. */
export function differingKeys(before: Layer, after: Layer): PolicyKey[] {
  return policyKeys.filter(key => !isDeepStrictEqual(before[key], after[key]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

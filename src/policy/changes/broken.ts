import { policyKeys } from '../../contracts/decision.ts'
import { effectiveDocuments, InvalidPolicyError } from '../documents.ts'
import { differingKeys, type Layer } from '../layers/layer.ts'
import type { OwnedLayer } from '../layers/store.ts'

/** Customers named at most. */
const named = 20

/** A change for everyone that does not go with what is set for some customers: their calls would all be refused. */
export class CustomersBrokenError extends Error {
  override readonly name = 'CustomersBrokenError'
  readonly customers: readonly string[]

  constructor(faults: ReadonlyMap<string, InvalidPolicyError>) {
    const lines = [...faults].slice(0, named).map(([email, { message }]) => `  ${email}: ${message}`)
    const others = faults.size - lines.length
    super(
      [
        'This does not go with what is set for customers, whose calls would all be refused. Nothing is changed.',
        ...lines,
        ...(others > 0 ? [`  and ${others} more`] : []),
      ].join('\n'),
    )
    this.customers = [...faults.keys()]
  }
}

/**
 * Holds what customers have of their own against what everyone gets now. Throws `CustomersBrokenError` for those whose
 * documents were valid together with those of everyone before, and are not any more.
 */
export function refuseBroken(before: readonly OwnedLayer[], after: readonly OwnedLayer[]): void {
  const [general, generalBefore] = [everyonesOf(after), everyonesOf(before)]
  const changed = new Set(differingKeys(generalBefore, general))
  const own = new Map(before.map(({ customerId, documents }) => [customerId, documents]))
  const faults = new Map<string, InvalidPolicyError>()
  for (const { customerId, email, documents } of after) {
    const touched = policyKeys.filter(key => changed.has(key) && documents[key] !== undefined)
    if (email === null || touched.length === 0) continue
    const only = (layer: Layer = {}) => Object.fromEntries(touched.map(key => [key, layer[key]]))
    const fault = faultOf(only(general), only(documents))
    if (fault !== null && faultOf(only(generalBefore), only(own.get(customerId))) === null) faults.set(email, fault)
  }
  if (faults.size > 0) throw new CustomersBrokenError(faults)
}

function everyonesOf(layers: readonly OwnedLayer[]): Layer {
  return layers.find(({ customerId }) => customerId === null)?.documents ?? {}
}

function faultOf(...layers: Layer[]): InvalidPolicyError | null {
  try {
    effectiveDocuments(...layers)
    return null
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error
    throw error
  }
}

import type { PolicyKey } from '../../contracts/decision.ts'
import { compilePolicy, type Policy } from '../compile.ts'
import { effectiveDocuments } from '../documents.ts'

export type Layer = Partial<Record<PolicyKey, unknown>>

/** What is set for everyone, and what differs for some customers, by their ids. */
export type Layers = { general: Layer; own: ReadonlyMap<string, Layer> }

/** The policy of each customer. Compiled once for each set that differs: most customers have nothing of their own. */
export function policiesOf({ general, own }: Layers): (customerId: string) => Policy {
  const byCustomer = new Map<string, Policy>()
  const byLayer = new Map<string, Policy>()

  function compiled(layer: Layer): Policy {
    const text = JSON.stringify(layer)
    const known = byLayer.get(text)
    if (known !== undefined) return known
    const policy = compilePolicy(effectiveDocuments(general, layer))
    byLayer.set(text, policy)
    return policy
  }

  return function policyOf(customerId) {
    const known = byCustomer.get(customerId)
    if (known !== undefined) return known
    const policy = compiled(own.get(customerId) ?? {})
    byCustomer.set(customerId, policy)
    return policy
  }
}

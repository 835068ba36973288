import { compilePolicy, type Policy } from '../compile.ts'
import { effectiveDocuments } from '../documents.ts'
import type { Layer, Layers } from '../files/policies.ts'

/** The policy of each customer, by id. Compiled once for each set that differs: most have nothing of their own. */
export function policiesOf(
  { everyone, customers }: Layers,
  emailOf: (customerId: string) => string | undefined,
): (customerId: string) => Policy {
  const byCustomer = new Map<string, Policy>()
  const byLayer = new Map<string, Policy>()

  function compiled(own: Layer): Policy {
    const text = JSON.stringify(own)
    const policy = byLayer.get(text) ?? compilePolicy(effectiveDocuments(everyone, own))
    byLayer.set(text, policy)
    return policy
  }

  return function policyOf(customerId) {
    const policy = byCustomer.get(customerId) ?? compiled(customers[emailOf(customerId) ?? ''] ?? {})
    byCustomer.set(customerId, policy)
    return policy
  }
}

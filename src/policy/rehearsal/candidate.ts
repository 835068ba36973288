import { compilePolicy, type Policy } from '../compile.ts'
import { effectiveDocuments, InvalidPolicyError } from '../documents.ts'
import type { Layer, Layers } from '../files/policies.ts'

/**
 * The policy of each customer, by id. Compiled once for each set that differs: most have nothing of their own. Throws
 * for a customer with whose own documents those of everyone do not go together.
 */
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
    const known = byCustomer.get(customerId)
    if (known !== undefined) return known
    const email = emailOf(customerId) ?? ''
    try {
      const policy = compiled(customers[email] ?? {})
      byCustomer.set(customerId, policy)
      return policy
    } catch (cause) {
      if (!(cause instanceof InvalidPolicyError)) throw cause
      throw new Error(`The candidate does not go with what is set for ${email}:\n${cause.message}`, { cause })
    }
  }
}

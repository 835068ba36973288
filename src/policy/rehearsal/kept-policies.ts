import { LRUCache } from 'lru-cache'
import { compilePolicy, type Policy } from '../compile.ts'
import type { PolicyDocuments } from '../documents.ts'

const compiledAtOnce = 50

/** The policy that judged under a hash, compiled once while it is asked for. Null if its documents are not kept. */
export function createKeptPolicies(effectiveSet: (hash: string) => Promise<PolicyDocuments | null>) {
  const compiled = new LRUCache<string, Policy>({ max: compiledAtOnce })

  return async function policyOf(version: string): Promise<Policy | null> {
    const known = compiled.get(version)
    if (known !== undefined) return known
    const documents = await effectiveSet(version)
    if (documents === null) return null
    const policy = compilePolicy(documents)
    compiled.set(version, policy)
    return policy
  }
}

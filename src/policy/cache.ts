import { type Cache, createCache } from '../cache.ts'
import type { Log } from '../contracts/log.ts'
import { compilePolicy, type Policy } from './compile.ts'
import type { PolicyDocuments } from './documents.ts'

type Settings = {
  load: (customerId: string) => Promise<PolicyDocuments>
  /** Told of every policy that is loaded, before it judges. May not fail or wait. */
  onLoad: (policy: Policy) => void
  ttlMs: number
  staleMs: number
  maxEntries?: number
  now?: () => number
  log: Log
}

export type PolicyCache = Cache<Policy>

/** Customers' policies, compiled once per load. A stored document that is not valid closes: `storage_unavailable`. */
export function createPolicyCache({ load, onLoad, maxEntries = 10_000, ...settings }: Settings): PolicyCache {
  return createCache({
    ...settings,
    name: 'policies',
    maxEntries,
    async load(customerId) {
      const policy = compilePolicy(await load(customerId))
      onLoad(policy)
      return policy
    },
  })
}

import { type Cache, createCache } from '../cache.ts'
import type { Log } from '../contracts/log.ts'
import { compilePolicy, type Policy } from './compile.ts'
import type { PolicyDocuments } from './documents.ts'

type Settings = {
  load: (customerId: string) => Promise<PolicyDocuments>
  ttlMs: number
  staleMs: number
  maxEntries?: number
  now?: () => number
  log: Log
}

export type PolicyCache = Cache<Policy>

/** Customers' policies, compiled once per load. A stored document that is not valid closes: `storage_unavailable`. */
export function createPolicyCache({ load, maxEntries = 10_000, ...settings }: Settings): PolicyCache {
  return createCache({ ...settings, name: 'policies', maxEntries, load: async id => compilePolicy(await load(id)) })
}

import { LRUCache } from 'lru-cache'
import type { Log } from '../contracts/log.ts'
import type { Policy } from './compile.ts'

type Settings = { keepSet: (policy: Policy) => Promise<void>; log: Log }

const remembered = 10_000

/**
 * Keeps each set of documents that comes to judge, so that its decisions can be judged again. No call waits for it;
 * what could not be kept is tried again when the set is loaded next.
 */
export function createSetKeeper({ keepSet, log }: Settings) {
  const kept = new LRUCache<string, true>({ max: remembered })

  return function keep(policy: Policy): void {
    const { version } = policy
    if (kept.has(version)) return
    kept.set(version, true)
    keepSet(policy).catch((err: unknown) => {
      kept.delete(version)
      log.warn({ err, version }, 'A set of policies could not be kept')
    })
  }
}

import { LRUCache } from 'lru-cache'
import type { Log } from './contracts/log.ts'
import { GovernedError } from './errors.ts'

type Settings<Value> = {
  /** For the log: what is cached. */
  name: string
  load: (key: string) => Promise<Value>
  /** How long a value is used without asking again, in milliseconds. */
  ttlMs: number
  /** How long past that it is still used while it cannot be loaded, in milliseconds. */
  staleMs: number
  maxEntries: number
  /** Milliseconds of a monotonic clock. */
  now?: () => number
  log: Log
}

type Entry<Value> = { value: Value; loadedAt: number; askAgainAt: number }

export type Cache<Value> = {
  /** The value, at once if it is fresh. Throws `storage_unavailable` when it can be neither loaded nor excused. */
  of(key: string): Value | Promise<Value>
  /** Drops one value, or all: the next call asks again. What is loading now is not kept. */
  forget(key?: string): void
}

/** While the store fails, it is asked this often; in between, values within their tolerance are answered at once. */
const retryMs = 1_000

/** A bounded cache of what a store holds. However many ask for a key at once, it is loaded once. */
export function createCache<Value>(settings: Settings<Value>): Cache<Value> {
  const { name, load, ttlMs, staleMs, maxEntries, now = () => performance.now(), log } = settings
  const entries = new LRUCache<string, Entry<Value>>({ max: maxEntries })
  const loading = new Map<string, Promise<Value>>()

  function refresh(key: string): Promise<Value> {
    const pending = load(key).then(
      value => {
        // If it was forgotten meanwhile, what was read may be older than the change.
        if (loading.get(key) === pending) {
          const loadedAt = now()
          entries.set(key, { value, loadedAt, askAgainAt: loadedAt + ttlMs })
        }
        return value
      },
      (cause: unknown) => excuse(key, cause),
    )
    loading.set(key, pending)
    const done = () => {
      if (loading.get(key) === pending) loading.delete(key)
    }
    pending.then(done, done)
    return pending
  }

  function excuse(key: string, cause: unknown): Value {
    const entry = entries.get(key)
    log.error({ cache: name, err: cause, stale: entry !== undefined }, 'A value could not be loaded')
    if (entry === undefined || now() - entry.loadedAt > ttlMs + staleMs) {
      throw new GovernedError('storage_unavailable', { cause })
    }
    entry.askAgainAt = now() + retryMs
    return entry.value
  }

  return {
    of(key) {
      const entry = entries.get(key)
      if (entry !== undefined) {
        const at = now()
        if (at < entry.askAgainAt && at - entry.loadedAt <= ttlMs + staleMs) return entry.value
      }
      return loading.get(key) ?? refresh(key)
    },

    forget(key) {
      if (key === undefined) {
        entries.clear()
        loading.clear()
      } else {
        entries.delete(key)
        loading.delete(key)
      }
    },
  }
}

import { LRUCache } from 'lru-cache'

type Settings = { attempts: number; windowMs: number; now: () => number }

const maxNames = 10_000

/** Counts attempts by name, as a bucket: after `attempts` in a row, one more every `windowMs / attempts`. */
export function createThrottle({ attempts, windowMs, now }: Settings) {
  const step = windowMs / attempts
  /** When the bucket of a name will be full again. */
  const fullAt = new LRUCache<string, number>({ max: maxNames })

  return {
    /** Milliseconds until the next attempt, 0 if it may come now. */
    blockedMs(name: string): number {
      return Math.max(0, (fullAt.get(name) ?? 0) - now() - (windowMs - step))
    },

    /** Counts an attempt, before its outcome is known: many at once may not all slip through. */
    note(name: string): void {
      fullAt.set(name, Math.max(fullAt.get(name) ?? 0, now()) + step)
    },

    /** Takes back an attempt that was not a failure. */
    forgive(name: string): void {
      fullAt.set(name, (fullAt.get(name) ?? 0) - step)
    },
  }
}

import { type Limit, type Verdict, verdictOf } from './limiter.ts'

type Settings = {
  /** Keys that are remembered at once. */
  maxKeys?: number
  /** Milliseconds of a monotonic clock. */
  now?: () => number
}

/** Entries looked at per call for a bucket that is full again and can be forgotten. */
const sweepSteps = 2
/** Entries compared when there is no room: the one drawn on least goes, so that it regains next to nothing. */
const evictionSample = 16

/** A `Limiter` that never waits. */
export type MemoryLimiter = {
  take(keyId: string, limit: Limit): Verdict
  /** Keys that are remembered now. */
  readonly size: number
}

/**
 * Limits in this process's memory. A clock hand forgets idle keys as calls come, without a timer and without pauses.
 */
export function createMemoryLimiter({
  maxKeys = 1_000_000,
  now = () => performance.now(),
}: Settings = {}): MemoryLimiter {
  /** When each key's bucket will be full again. */
  const fullAt = new Map<string, number>()
  let hand = fullAt.entries()

  function next(): [string, number] | undefined {
    const step = hand.next()
    if (!step.done) return step.value
    hand = fullAt.entries()
    return undefined
  }

  function sweep(at: number): void {
    for (let i = 0; i < sweepSteps; i++) {
      const entry = next()
      if (entry !== undefined && entry[1] <= at) fullAt.delete(entry[0])
    }
  }

  function evict(): void {
    let least: [string, number] | undefined
    for (let i = 0; i < evictionSample; i++) {
      const entry = next()
      if (entry !== undefined && (least === undefined || entry[1] < least[1])) least = entry
    }
    if (least !== undefined) fullAt.delete(least[0])
  }

  return {
    get size() {
      return fullAt.size
    },
    take(keyId, limit) {
      const at = now()
      sweep(at)
      const before = fullAt.get(keyId)
      const windowMs = limit.window_seconds * 1000
      const stepMs = windowMs / limit.requests
      // A bucket that was drawn on under a wider window owes no more than the window that holds now.
      const drawn = Math.min(Math.max((before ?? 0) - at, 0), windowMs)
      const verdict = verdictOf(limit, drawn + stepMs)
      if (verdict.allowed) {
        if (before === undefined && fullAt.size >= maxKeys) evict()
        fullAt.set(keyId, at + drawn + stepMs)
      }
      return verdict
    },
  }
}

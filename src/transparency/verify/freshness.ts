/** What still has time to be signed. */
export type Allowance = {
  /** Milliseconds. */
  ms: number
  /** Number of leaves: checkpoints are made by number, too, so that a false clock excuses only so many. */
  leaves: number
  /** Milliseconds since 1970. */
  now: number
}

/** Follows the leaves since the last checkpoint. */
export type Freshness = {
  /** A leaf came. `time` is null if its record is gone: records are not pruned before they are signed. */
  leaf(time: string | null): void
  signed(): void
  /** Whether all leaves since the last checkpoint may be without one. */
  isFresh(): boolean
}

export function createFreshness({ ms, leaves, now }: Allowance): Freshness {
  let count = 0
  let [oldest, newest] = ['~', '']

  return {
    leaf(time) {
      count++
      const text = time ?? ''
      if (text < oldest) oldest = text
      if (text > newest) newest = text
    },
    signed() {
      count = 0
      oldest = '~'
      newest = ''
    },
    isFresh() {
      if (count === 0) return true
      // A time in the future would be fresh for ever. Texts that are no times are NaN, and not fresh.
      return count <= leaves && Date.parse(oldest) >= now - ms && Date.parse(newest) <= now + ms
    },
  }
}

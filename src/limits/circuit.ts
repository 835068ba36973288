type Settings = {
  /** How long what failed is left alone, in milliseconds. */
  pauseMs: number
  /** Milliseconds of a monotonic clock. */
  now: () => number
  onOpen: (error: unknown) => void
  onClose: () => void
}

/** Tells whether something that failed may be tried: not for a pause, then by one call at a time until it answers. */
export function createCircuit({ pauseMs, now, onOpen, onClose }: Settings) {
  let failed = false
  let tryAgainAt = 0

  return {
    /** True if the caller may try. It must report how that went. */
    admits(): boolean {
      if (!failed) return true
      const at = now()
      if (at < tryAgainAt) return false
      // Whoever comes while this one tries is turned away, however long it takes.
      tryAgainAt = Number.POSITIVE_INFINITY
      return true
    },

    succeeded(): void {
      if (!failed) return
      failed = false
      onClose()
    },

    failed(error: unknown): void {
      tryAgainAt = now() + pauseMs
      if (failed) return
      failed = true
      onOpen(error)
    },
  }
}

/** So many requests in a window: a bucket of `requests` that refills steadily over `window_seconds`. */
export type Limit = { requests: number; window_seconds: number }

/** The answer to one request. Times are milliseconds from now. */
export type Verdict = {
  allowed: boolean
  limit: number
  remaining: number
  /** Until the bucket is full again. */
  resetMs: number
  /** Until the next request is allowed, 0 if this one was. */
  retryAfterMs: number
}

export type Limiter = {
  /** Takes one request from a key's bucket. May throw `limiter_unavailable`. */
  take(keyId: string, limit: Limit): Verdict | Promise<Verdict>
}

/**
 * A verdict from `aheadMs`, how far the bucket would be drawn on with this request: the generic cell rate algorithm
 * (ITU-T I.371), which is a token bucket that needs one number a key.
 */
export function verdictOf({ requests, window_seconds }: Limit, aheadMs: number): Verdict {
  const windowMs = window_seconds * 1000
  const stepMs = windowMs / requests
  // Rounding may leave a full bucket a hair over its window.
  const allowed = aheadMs <= windowMs + 1e-6
  return {
    allowed,
    limit: requests,
    remaining: allowed ? Math.floor((windowMs - aheadMs) / stepMs + 1e-6) : 0,
    resetMs: allowed ? aheadMs : aheadMs - stepMs,
    retryAfterMs: allowed ? 0 : aheadMs - windowMs,
  }
}

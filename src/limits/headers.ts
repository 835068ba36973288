import type { Verdict } from './limiter.ts'

/**
 * A verdict as response headers, in the names and the form of OpenAI's rate limit headers.
 * Source: "Rate limits" guide of the OpenAI API reference; `retry-after-ms` is what its SDKs prefer.
 */
export function limitHeaders({ allowed, limit, remaining, resetMs, retryAfterMs }: Verdict): Record<string, string> {
  const headers: Record<string, string> = {
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': duration(resetMs),
  }
  if (!allowed) {
    headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000))
    headers['retry-after-ms'] = String(Math.ceil(retryAfterMs))
  }
  return headers
}

/** Milliseconds as `120ms`, `6s`, `1m30s` or `2h5m0s`. */
function duration(ms: number): string {
  if (ms <= 999) return `${Math.ceil(ms)}ms`
  const seconds = Math.ceil(ms / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first)
    .map(([count, unit]) => `${count}${unit}`)
    .join('')
}

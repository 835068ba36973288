import { expect, test } from 'vitest'
import { limitHeaders } from '../../src/limits/headers.ts'

const allowed = { allowed: true, limit: 100, remaining: 99, resetMs: 600, retryAfterMs: 0 }

test('an allowed call tells its limit, what remains, and when that is whole again', () => {
  expect(limitHeaders(allowed)).toEqual({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': '99',
    'x-ratelimit-reset-requests': '600ms',
  })
})

test.each([
  [0, '0ms'],
  [0.2, '1ms'],
  [120, '120ms'],
  [999, '999ms'],
  [999.5, '1s'],
  [1_000, '1s'],
  [1_001, '2s'],
  [59_999, '1m0s'],
  [90_000, '1m30s'],
  [360_000, '6m0s'],
  [3_600_000, '1h0m0s'],
  [7_500_000, '2h5m0s'],
  [86_400_000, '24h0m0s'],
])('%d ms are written as %s', (resetMs, text) => {
  expect(limitHeaders({ ...allowed, resetMs })['x-ratelimit-reset-requests']).toBe(text)
})

test.each([
  [0.001, '1', '1'],
  [600, '1', '600'],
  [1_000, '1', '1000'],
  [1_000.5, '2', '1001'],
  [59_400, '60', '59400'],
])('a refused call may be tried again after %d ms, rounded up', (retryAfterMs, seconds, ms) => {
  const headers = limitHeaders({ ...allowed, allowed: false, remaining: 0, retryAfterMs })
  expect(headers).toMatchObject({ 'retry-after': seconds, 'retry-after-ms': ms, 'x-ratelimit-remaining-requests': '0' })
})

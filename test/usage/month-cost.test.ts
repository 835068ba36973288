import { expect, test } from 'vitest'
import type { Period } from '../../src/contracts/recorded.ts'
import { createMonthCosts } from '../../src/usage/month-cost.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

test('what a month has cost is asked once a minute, since the first of the month', async () => {
  const asked: Period[] = []
  const costs = createMonthCosts({
    async costs(period) {
      asked.push(period)
      return new Map([['alice', 12.5]])
    },
    staleMs: 0,
    log,
  })
  expect(await costs.of('alice')).toBe(12.5)
  expect(costs.of('alice')).toBe(12.5)
  expect(await costs.of('bob')).toBe(0)
  expect(asked.map(({ customerId }) => customerId)).toEqual(['alice', 'bob'])
  for (const { since } of asked) expect(since.toISOString()).toMatch(/^\d{4}-\d\d-01T00:00:00\.000Z$/)
})

test('a cost that cannot be read is not known', async () => {
  const costs = createMonthCosts({ costs: () => Promise.reject(new Error('away')), staleMs: 0, log })
  expect(await costs.of('alice')).toBeNull()
})

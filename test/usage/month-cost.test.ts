import { expect, test } from 'vitest'
import { createMonthCosts } from '../../src/usage/month-cost.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

test('what a month has cost is asked once a minute, since the first of the month', async () => {
  const asked: [string, Date][] = []
  const costs = createMonthCosts({
    async costSince(customerId, since) {
      asked.push([customerId, since])
      return 12.5
    },
    staleMs: 0,
    log,
  })
  expect(await costs.of('alice')).toBe(12.5)
  expect(costs.of('alice')).toBe(12.5)
  const [[customer, since] = []] = asked
  expect(asked).toHaveLength(1)
  expect(customer).toBe('alice')
  expect(since?.toISOString()).toMatch(/^\d{4}-\d\d-01T00:00:00\.000Z$/)
})

test('a cost that cannot be read is not known', async () => {
  const costs = createMonthCosts({ costSince: () => Promise.reject(new Error('away')), staleMs: 0, log })
  expect(await costs.of('alice')).toBeNull()
})

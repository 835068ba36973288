import { createCache } from '../cache.ts'
import type { Log } from '../contracts/log.ts'
import { startOfMonth } from '../contracts/month.ts'
import type { Period } from '../contracts/recorded.ts'

/** US dollars of a customer's calls in this month (UTC). Null while it cannot be known: rules' `on_error` decides. */
export type MonthCosts = { of(customerId: string): number | null | Promise<number | null> }

type Settings = {
  /** What calls of a period have cost, by customer. */
  costs: (period: Period) => Promise<ReadonlyMap<string, number>>
  staleMs: number
  log: Log
}

/** How far a figure may lag behind. Calls in between are not counted, so a budget can be passed by a minute's calls. */
const ttlMs = 60_000
const maxEntries = 10_000

export function createMonthCosts({ costs, staleMs, log }: Settings): MonthCosts {
  const cache = createCache({
    name: 'month costs',
    async load(customerId) {
      const until = new Date()
      const spent = await costs({ since: startOfMonth(until), until, customerId })
      return spent.get(customerId) ?? 0
    },
    ttlMs,
    staleMs,
    maxEntries,
    log,
  })
  return {
    of(customerId) {
      const cost = cache.of(customerId)
      return cost instanceof Promise ? cost.catch(() => null) : cost
    },
  }
}

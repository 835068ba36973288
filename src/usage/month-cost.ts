import { createCache } from '../cache.ts'
import type { Log } from '../contracts/log.ts'

/** US dollars of a customer's calls in this month (UTC). Null while it cannot be known: rules' `on_error` decides. */
export type MonthCosts = { of(customerId: string): number | null | Promise<number | null> }

type Settings = {
  /** What a customer's calls have cost since a moment. */
  costSince: (customerId: string, since: Date) => Promise<number>
  staleMs: number
  log: Log
}

/** How far a figure may lag behind. Calls in between are not counted, so a budget can be passed by a minute's calls. */
const ttlMs = 60_000
const maxEntries = 10_000

export function createMonthCosts({ costSince, staleMs, log }: Settings): MonthCosts {
  const cache = createCache({
    name: 'month costs',
    load: customerId => costSince(customerId, startOfMonth(new Date())),
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

function startOfMonth(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()))
}

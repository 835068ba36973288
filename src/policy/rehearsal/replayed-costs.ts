import type { RecordedDecision } from '../../contracts/recorded.ts'

/**
 * What `usage.month_cost` would have said of calls that were judged before a rule asked for it: the costs of the
 * customer's calls of that month (UTC) that came before. To be asked in the order in which the calls came, of each.
 * `before` holds the costs of the month's calls before the first.
 */
export function createReplayedCosts(before: ReadonlyMap<string, number>) {
  const spent = new Map(before)
  let month: number | null = null

  return function monthCostBefore({ customerId, createdAt, costUsd }: RecordedDecision): number {
    const current = createdAt.getUTCFullYear() * 12 + createdAt.getUTCMonth()
    if (month !== null && month !== current) spent.clear()
    month = current
    const soFar = spent.get(customerId) ?? 0
    if (costUsd !== null) spent.set(customerId, soFar + costUsd)
    return soFar
  }
}

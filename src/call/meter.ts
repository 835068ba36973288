import type { MonthCosts } from '../usage/month-cost.ts'
import { written } from './call.ts'
import { after, type Stage } from './stage.ts'

/** Asks what the customer has spent in this month, for those whose rules read it. */
export function createMeter({ monthCosts }: { monthCosts: MonthCosts }): Stage {
  return function meter(call) {
    if (!written(call.policy).reads.has('usage.month_cost')) return
    return after(monthCosts.of(written(call.principal).customerId), cost => {
      call.monthCost = cost
    })
  }
}

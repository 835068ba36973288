import type { Facts } from '../contracts/facts.ts'
import { longestOwnWords } from '../contracts/names.ts'
import type { Ids } from '../policy/compile.ts'
import { type Call, written } from './call.ts'

const dayMs = 86_400_000

/** What is known of a call before its body is read: whose it is, when it came, and what was spent until then. */
export function circumstancesOf(call: Call): Pick<Facts, 'caller' | 'at' | 'usage'> {
  const { keyName, keyCreatedAt, customerEmail } = written(call.principal)
  const at = call.arrivedAt.getTime()
  const age = Math.max(0, Math.floor((at - keyCreatedAt) / dayMs))
  return {
    caller: { key_name: kept(keyName), key_age_days: age, customer_email: kept(customerEmail) },
    at,
    usage: { month_cost: call.monthCost },
  }
}

/** The commands make none that are longer, but whoever writes to the database by hand can. */
function kept(words: string): string {
  return words.slice(0, longestOwnWords)
}

/** The ids by which shares of calls are drawn. */
export function idsOf({ id, principal }: Call): Ids {
  const { customerId, keyId } = written(principal)
  return { customer: customerId, key: keyId, call: id }
}

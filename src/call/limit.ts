import { GovernedError } from '../errors.ts'
import { limitHeaders } from '../limits/headers.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { PolicyCache } from '../policy/cache.ts'
import { type Call, written } from './call.ts'
import { after } from './stage.ts'

/** Loads the customer's policy and takes one request from the key's limit, before a byte of the body is read. */
export function createLimit({ policies, limiter }: { policies: PolicyCache; limiter: Limiter }) {
  return function limit(call: Pick<Call, 'reply' | 'principal' | 'policy'>): void | Promise<void> {
    const { customerId, keyId } = written(call.principal)
    return after(policies.of(customerId), policy => {
      call.policy = policy
      return after(limiter.take(keyId, policy.rateLimit), verdict => {
        call.reply.headers(limitHeaders(verdict))
        if (!verdict.allowed) throw new GovernedError('rate_limit_exceeded')
      })
    })
  }
}

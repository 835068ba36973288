import type { FastifyInstance } from 'fastify'
import type { CallParts } from '../call/index.ts'
import type { Principal } from '../contracts/principal.ts'
import { GovernedError } from '../errors.ts'
import type { KeyScope } from '../keys/store.ts'
import { presentedToken } from '../keys/token.ts'
import { limitHeaders } from '../limits/headers.ts'
import type { Policy } from '../policy/compile.ts'

export type AskerParts = Pick<CallParts, 'keyring' | 'policies' | 'limiter'>

/** Who asks something that is no call, and leaves no record. */
type Asker = { principal: Principal; policy: Policy }

declare module 'fastify' {
  interface FastifyRequest {
    asker: Asker | null
  }
}

/**
 * Finds who asks, for every request of a scope and before a byte of its body is read, and takes one request from the
 * key's limit. With `needed`, a key without that scope is refused.
 */
export function findAskers(scope: FastifyInstance, parts: AskerParts, needed: KeyScope | null = null): void {
  const { keyring, policies, limiter } = parts
  scope.decorateRequest('asker', null)
  scope.addHook('onRequest', async function identify(request, reply) {
    const principal = await keyring.authenticate(presentedToken(request.headers))
    const policy = await policies.of(principal.customerId)
    const verdict = await limiter.take(principal.keyId, policy.rateLimit)
    reply.headers(limitHeaders(verdict))
    if (!verdict.allowed) throw new GovernedError('rate_limit_exceeded')
    if (needed !== null && !principal.scopes.includes(needed)) throw new GovernedError('missing_scope')
    request.asker = { principal, policy }
  })
}

import type { FastifyInstance } from 'fastify'
import { createAuthenticate } from '../call/authenticate.ts'
import { type Call, written } from '../call/call.ts'
import type { CallParts } from '../call/index.ts'
import { createLimit } from '../call/limit.ts'
import type { Principal } from '../contracts/principal.ts'
import { GovernedError } from '../errors.ts'
import type { KeyScope } from '../keys/store.ts'
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
 * key's limit, as for a call. With `needed`, a key without that scope is refused.
 */
export function findAskers(scope: FastifyInstance, parts: AskerParts, needed: KeyScope | null = null): void {
  const authenticate = createAuthenticate(parts)
  const limit = createLimit(parts)
  scope.decorateRequest('asker', null)
  scope.addHook('onRequest', async function identify(request, reply) {
    const asking: Pick<Call, 'request' | 'reply' | 'principal' | 'policy'> = {
      request,
      reply,
      principal: null,
      policy: null,
    }
    await authenticate(asking)
    await limit(asking)
    const principal = written(asking.principal)
    if (needed !== null && !principal.scopes.includes(needed)) throw new GovernedError('missing_scope')
    request.asker = { principal, policy: written(asking.policy) }
  })
}

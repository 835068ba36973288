import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { CallParts } from '../call/index.ts'
import { GovernedError } from '../errors.ts'
import { presentedToken } from '../keys/token.ts'
import { limitHeaders } from '../limits/headers.ts'

const verified = z.object({
  status: z.literal('ok'),
  customer_id: z.uuid(),
  message: z.literal('API key verified successfully'),
})

/** `POST /api/evaluate`: is this key good, and has it requests left? Decides nothing, so it is not recorded. */
export function evaluate({ keyring, policies, limiter }: CallParts): FastifyPluginAsyncZod {
  return async function evaluateRoute(scope) {
    scope.post(
      '/api/evaluate',
      {
        schema: {
          tags: ['pre-flight'],
          summary: 'Verify an API key',
          security: [{ apiKey: [] }],
          response: { 200: verified },
        },
      },
      async (request, reply) => {
        const { customerId, keyId } = await keyring.authenticate(presentedToken(request.headers))
        const { rateLimit } = await policies.of(customerId)
        const verdict = await limiter.take(keyId, rateLimit)
        reply.headers(limitHeaders(verdict))
        if (!verdict.allowed) throw new GovernedError('rate_limit_exceeded')
        return { status: 'ok' as const, customer_id: customerId, message: 'API key verified successfully' as const }
      },
    )
  }
}

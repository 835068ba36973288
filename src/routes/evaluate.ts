import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { written } from '../call/call.ts'
import { type AskerParts, findAskers } from './asker.ts'

const verified = z.object({
  status: z.literal('ok'),
  customer_id: z.uuid(),
  message: z.literal('API key verified successfully'),
})

const longestBody = 1024

/** `POST /api/evaluate`: is this key good, and has it requests left? Decides nothing, so it is not recorded. */
export function evaluate(parts: AskerParts): FastifyPluginAsyncZod {
  return async function evaluateRoute(scope) {
    findAskers(scope, parts)
    // It takes no body. Clients send one all the same, empty or `{}`, under any type: none is read.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: longestBody }, (_request, _bytes, done) =>
      done(null),
    )

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
      async request => {
        const { customerId } = written(request.asker).principal
        return { status: 'ok' as const, customer_id: customerId, message: 'API key verified successfully' as const }
      },
    )
  }
}

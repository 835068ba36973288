import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'

const status = z.object({ status: z.literal('ok') })
const readiness = z.object({ status: z.enum(['ready', 'unready']), checks: z.record(z.string(), z.boolean()) })

/** Each names something that calls depend on, and says whether it works now. */
export type ReadinessChecks = Record<string, () => boolean | Promise<boolean>>

/** Liveness says that the process answers; readiness, that it could govern a call. */
export function health(checks: ReadinessChecks): FastifyPluginAsyncZod {
  return async function healthRoutes(scope) {
    scope.get(
      '/health',
      { schema: { tags: ['health'], summary: 'Liveness', response: { 200: status } } },
      async () => ({
        status: 'ok' as const,
      }),
    )

    scope.get(
      '/ready',
      { schema: { tags: ['health'], summary: 'Readiness', response: { 200: readiness, 503: readiness } } },
      async (_request, reply) => {
        const results = await Promise.all(
          Object.entries(checks).map(async ([name, check]) => [name, await check()] as const),
        )
        const ready = results.every(([, ok]) => ok)
        return reply
          .code(ready ? 200 : 503)
          .send({ status: ready ? 'ready' : 'unready', checks: Object.fromEntries(results) })
      },
    )
  }
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'

const status = z.object({ status: z.literal('ok') })
const readiness = z.object({
  status: z.enum(['ready', 'unready']),
  checks: z.record(z.string(), z.boolean()),
  audit_spool: z.object({
    bytes: z.number().int().meta({ description: 'On the disk, what is stored and not cleared away yet included' }),
    age_ms: z
      .number()
      .int()
      .meta({ description: 'How long the oldest record has waited for the database; 0 if none does' }),
    missed: z.number().int().meta({ description: 'Calls without a record since the start, by the policy `audit`' }),
  }),
})

/** Each names something that calls depend on, and says whether it works now. */
export type ReadinessChecks = Record<string, () => boolean | Promise<boolean>>

type Waiting = { bytes: number; ageMs: number; missed: number }

/** Liveness says that the process answers; readiness, that it could govern a call. */
export function health(checks: ReadinessChecks, waiting: () => Waiting): FastifyPluginAsyncZod {
  return async function healthRoutes(scope) {
    scope.get(
      '/health',
      { exposeHeadRoute: true, schema: { tags: ['health'], summary: 'Liveness', response: { 200: status } } },
      async () => ({
        status: 'ok' as const,
      }),
    )

    scope.get(
      '/ready',
      {
        exposeHeadRoute: true,
        schema: { tags: ['health'], summary: 'Readiness', response: { 200: readiness, 503: readiness } },
      },
      async (_request, reply) => {
        const results = await Promise.all(
          Object.entries(checks).map(async ([name, check]) => [name, await check()] as const),
        )
        const ready = results.every(([, ok]) => ok)
        const { bytes, ageMs, missed } = waiting()
        return reply.code(ready ? 200 : 503).send({
          status: ready ? 'ready' : 'unready',
          checks: Object.fromEntries(results),
          audit_spool: { bytes, age_ms: ageMs, missed },
        })
      },
    )
  }
}

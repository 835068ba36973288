import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { written } from '../call/call.ts'
import { completeFacts, partialFacts } from '../policy/files/partial-facts.ts'
import { type AskerParts, findAskers } from './asker.ts'
import { decisionShown, shown } from './decision-shown.ts'
import { readJsonBodies } from './json-body.ts'

const question = z.strictObject({
  facts: partialFacts.meta({
    description: 'Facts, as in a record. What is left out is that of a plain chat call to an internal provider.',
  }),
})

/**
 * `POST /api/policies/simulate`: what would be decided about these facts? Not recorded, and so behind a scope: whoever
 * may ask without leaving a trace can map out the policies.
 */
export function simulate(parts: AskerParts): FastifyPluginAsyncZod {
  return async function simulateRoute(scope) {
    readJsonBodies(scope)
    findAskers(scope, parts, 'policies:simulate')

    scope.post(
      '/api/policies/simulate',
      {
        schema: {
          tags: ['policies'],
          summary: 'What would be decided about these facts?',
          security: [{ apiKey: [] }],
          body: question,
          response: { 200: decisionShown },
        },
      },
      async request => {
        const { principal, policy } = written(request.asker)
        const facts = completeFacts(request.body.facts)
        const ids = { customer: principal.customerId, key: principal.keyId, call: randomUUID() }
        return shown(policy, facts, ids)
      },
    )
  }
}

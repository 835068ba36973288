import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { written } from '../call/call.ts'
import type { SettledDecision } from '../contracts/recorded.ts'
import { GovernedError } from '../errors.ts'
import type { Policy } from '../policy/compile.ts'
import { explainRecorded } from '../policy/rehearsal/explain.ts'
import { type AskerParts, findAskers } from './asker.ts'
import { decisionShown } from './decision-shown.ts'

export type DecisionParts = AskerParts & {
  /** A decision about a customer's call. Null if there is none such. */
  findDecision: (id: string, customerId: string) => Promise<SettledDecision | null>
  /** The policy that judged under a hash. Null if its documents are not kept. */
  policyOf: (version: string) => Promise<Policy | null>
}

const answer = decisionShown.extend({
  decision_id: z.uuid(),
  created_at: z.iso.datetime(),
  outcome: z.string(),
  status: z.number().int().nullable().meta({ description: 'HTTP status that the client was sent' }),
  threshold: decisionShown.shape.threshold.nullable(),
  remedies: decisionShown.shape.remedies.nullable().meta({ description: 'Null where the policies are not kept' }),
  explanation: decisionShown.shape.explanation.nullable().meta({ description: 'Null where the policies are not kept' }),
  facts: z.looseObject({}).meta({ description: 'What was known of the call, without its content' }),
})

/**
 * `GET /api/decisions/:id`: why was it decided so? For keys of the customer whose call it was; others' are not there.
 */
export function decisions({ findDecision, policyOf, ...parts }: DecisionParts): FastifyPluginAsyncZod {
  return async function decisionsRoute(scope) {
    findAskers(scope, parts)

    scope.get(
      '/api/decisions/:id',
      {
        schema: {
          tags: ['policies'],
          summary: 'Why was it decided so?',
          security: [{ apiKey: [] }],
          params: z.object({ id: z.uuid() }),
          response: { 200: answer },
        },
      },
      async request => {
        const { customerId } = written(request.asker).principal
        const recorded = await read(() => findDecision(request.params.id, customerId))
        if (recorded === null) throw new GovernedError('decision_not_found')
        return explainRecorded(recorded, await read(() => policyOf(recorded.policyVersion)))
      },
    )
  }
}

async function read<T>(from: () => Promise<T>): Promise<T> {
  try {
    return await from()
  } catch (cause) {
    throw new GovernedError('storage_unavailable', { message: 'Decisions cannot be read at the moment.', cause })
  }
}

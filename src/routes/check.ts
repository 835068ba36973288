import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { written } from '../call/call.ts'
import { circumstancesOf, idsOf } from '../call/circumstances.ts'
import { type CallParts, openCalls } from '../call/index.ts'
import { judge } from '../call/judge.ts'
import { GovernedError } from '../errors.ts'
import { declaredMetadata } from '../inspection/declared.ts'
import { isModelName, isOperationName } from '../inspection/kept-names.ts'
import { operationNames } from '../operations.ts'
import { explanationHeaders } from '../policy/explain.ts'
import type { ModelRouter } from '../routing/route-model.ts'
import { findContentField } from './content-fields.ts'
import { decisionShown, shown } from './decision-shown.ts'
import { readJsonBodies } from './json-body.ts'

const question = z.strictObject({
  model: z.string().refine(isModelName).meta({ description: 'Name of the model, as an SDK would send it' }),
  operation: z
    .string()
    .refine(isOperationName)
    .meta({ description: "The caller's own word for what it is about to do, such as `classify`" }),
  metadata: z
    .looseObject({
      contains_personal_data: z.boolean().optional(),
      is_external_model: z.boolean().optional(),
    })
    .default({})
    .meta({ description: 'Facts that the caller declares. Fields that hold content are refused.' }),
})
type Question = z.infer<typeof question>

const answer = decisionShown.omit({ shadow: true, errors: true }).extend({ decision_id: z.uuid() })

/** `POST /v1/check`: would this operation be allowed? Decided and recorded like a call, on declared facts alone. */
export function check(parts: CallParts): FastifyPluginAsyncZod {
  return async function checkRoute(scope) {
    readJsonBodies(scope, body => {
      const param = findContentField(body)
      return param === null ? null : new GovernedError('content_field', { param })
    })
    openCalls(scope, 'check', parts)

    scope.post(
      '/v1/check',
      {
        schema: {
          tags: ['pre-flight'],
          summary: 'Is this operation allowed?',
          security: [{ apiKey: [] }],
          body: question,
          response: { 200: answer },
        },
      },
      async (request, reply) => {
        const call = written(request.call)
        const facts = { ...declaredFacts(request.body, parts.router), ...circumstancesOf(call) }
        call.operation = facts.operation
        const decision = judge(call, facts)
        reply.headers(explanationHeaders(decision))
        return { ...shown(written(call.policy), facts, idsOf(call), decision), decision_id: call.id }
      },
    )
  }
}

/** The caller's word, as facts. Where it does not say whether the model is external, the model's name suggests it. */
function declaredFacts({ model: name, operation, metadata }: Question, router: ModelRouter) {
  // The model without its provider before it, as it is judged in the proxy.
  const { provider, model } = router.guess(name)
  return {
    source: 'check' as const,
    operation,
    known_operation: operationNames.has(operation),
    model,
    provider: provider?.id ?? null,
    external: metadata.is_external_model ?? provider?.external ?? false,
    stream: false,
    max_output_tokens: null,
    sizes: { messages: 0, characters: 0, estimated_tokens: 0, tools: 0, images: 0, audio: 0, files: 0 },
    personal_data: { declared: metadata.contains_personal_data ?? false, types: {}, uncertain: {} },
    secrets: {},
    custom: {},
    prompt_injection: { score: 0, speaker: null },
    tools: { names: [], total: 0 },
    uninspectable_content: [],
    uninspected_characters: 0,
    declared: declaredMetadata(Object.entries(metadata)),
  }
}

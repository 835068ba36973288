import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { written } from '../call/call.ts'
import { circumstancesOf } from '../call/circumstances.ts'
import { type CallParts, openCalls } from '../call/index.ts'
import { contentFacts, ownerOf } from '../call/inspect.ts'
import { judge } from '../call/judge.ts'
import { speakers, uninspectableKinds } from '../contracts/facts.ts'
import { gatherJson } from '../inspection/body.ts'
import { createCollector } from '../inspection/content.ts'
import { readJsonBodies } from './json-body.ts'

const counts = z.record(z.string(), z.number().int())

const question = z.strictObject({
  input: z
    .unknown()
    .refine(input => input !== undefined, 'is missing')
    .meta({
      description: 'A text, a list of texts, or messages as a chat would send them',
    }),
})

const answer = z.object({
  personal_data: z.object({
    types: counts,
    uncertain: counts.meta({ description: 'Those of `types` that are found with less than three quarters certainty' }),
  }),
  secrets: counts,
  custom: counts.meta({ description: "Findings of the organisation's own detectors" }),
  prompt_injection: z.object({ score: z.number(), speaker: z.enum(speakers).nullable() }),
  uninspectable_content: z.array(z.enum(uninspectableKinds)),
  uninspected_characters: z.number().int(),
  characters: z.number().int(),
  allowed: z
    .boolean()
    .meta({ description: 'Whether policy would let a call with this content to an approved model pass' }),
  risk_score: z.number().int(),
  reasons: z.array(z.string()),
  decision_id: z.uuid(),
})

/**
 * `POST /api/inspect`: what would inspection see in this? Looked into, judged and recorded like a call, sent nowhere.
 */
export function inspectText(parts: CallParts): FastifyPluginAsyncZod {
  return async function inspectRoute(scope) {
    readJsonBodies(scope)
    openCalls(scope, 'inspect', parts)

    scope.post(
      '/api/inspect',
      {
        schema: {
          tags: ['pre-flight'],
          summary: 'What would inspection see in this content?',
          security: [{ apiKey: [] }],
          body: question,
          response: { 200: answer },
        },
      },
      async request => {
        const call = written(request.call)
        const collector = createCollector(parts.inspectionLimit)
        gatherJson(collector, request.body)
        const content = await parts.inspector.inspect(collector.finish(), ownerOf(call))
        const facts = {
          source: 'inspect' as const,
          operation: 'inspect',
          known_operation: false,
          model: null,
          provider: null,
          external: false,
          stream: false,
          max_output_tokens: null,
          ...contentFacts(content, false),
          ...circumstancesOf(call),
          declared: {},
        }
        const decision = judge(call, facts)
        const { types, uncertain } = facts.personal_data
        return {
          personal_data: { types, uncertain },
          secrets: facts.secrets,
          custom: facts.custom,
          prompt_injection: facts.prompt_injection,
          uninspectable_content: facts.uninspectable_content,
          uninspected_characters: facts.uninspected_characters,
          characters: facts.sizes.characters,
          allowed: decision.allowed,
          risk_score: decision.risk_score,
          reasons: decision.reasons,
          decision_id: call.id,
        }
      },
    )
  }
}

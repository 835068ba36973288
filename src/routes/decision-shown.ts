import { z } from 'zod'
import type { Facts } from '../contracts/facts.ts'
import type { Ids, Policy } from '../policy/compile.ts'
import { explain, remedies } from '../policy/explain.ts'
import { contribution, explanation } from './explanation.ts'

/** A decision and why it is so, as callers are told. */
export const decisionShown = z.object({
  allowed: z.boolean(),
  risk_score: z.number().int(),
  threshold: z.number().int(),
  reason: z.string(),
  reasons: z.array(z.string()),
  contributions: z.array(contribution),
  shadow: z.array(contribution).meta({ description: 'What rules in shadow mode would have contributed' }),
  errors: z.array(z.string()).meta({ description: 'Rules that could not be judged' }),
  remedies: z.array(z.string()).meta({ description: 'What would let the call pass, one sentence each' }),
  explanation,
  policy_version: z.string(),
})

export function shown(
  policy: Policy,
  facts: Facts,
  ids: Ids,
  decision = policy.decide(facts, ids),
): z.infer<typeof decisionShown> {
  const explanation = explain(policy, facts, ids, decision)
  return { ...decision, remedies: remedies(explanation), explanation }
}

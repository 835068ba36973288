import { z } from 'zod'
import { type Decision, effects, policyKeys } from '../contracts/decision.ts'
import type { Facts } from '../contracts/facts.ts'
import { remedies } from '../policy/explain.ts'

const contribution = z.object({
  policy: z.enum(policyKeys),
  rule: z.string(),
  reason: z.string(),
  score: z.number().int(),
  effect: z.enum(effects),
})

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
  policy_version: z.string(),
})

export function shown({ approved: _, ...decision }: Decision, facts: Facts): z.infer<typeof decisionShown> {
  return { ...decision, remedies: remedies({ approved: _, ...decision }, facts) }
}

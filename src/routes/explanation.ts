import { z } from 'zod'
import { effects, policyKeys } from '../contracts/decision.ts'

/** One rule's part in a decision. */
export const contribution = z.object({
  policy: z.enum(policyKeys),
  rule: z.string(),
  reason: z.string(),
  score: z.number().int(),
  effect: z.enum(effects),
})

/** Why a decision is as it is: the same in refusals, in answers and on the command line. */
export const explanation = z.object({
  rules: z.array(contribution.extend({ because: z.string() })),
  risk_score: z.number().int(),
  threshold: z.number().int(),
  policy_version: z.string(),
  changes: z
    .array(z.object({ caller: z.string().nullable(), owner: z.string().nullable(), command: z.string().nullable() }))
    .meta({
      description: 'The smallest set of changes after which the call would pass, by the caller or by the owner',
    }),
})

import { z } from 'zod'
import { policyKeys } from '../contracts/decision.ts'
import { declarableKeys } from '../contracts/facts.ts'
import { compileExpression } from './cel/expression.ts'
import { ExpressionError } from './cel/fault.ts'

const maxRules = 200

/** By what a share of calls is chosen: all calls of a customer or key are in it, or none. */
const rolloutUnits = ['customer', 'key', 'call'] as const

/** The reason of a refusal by a rule that could not be judged. */
export const ruleFailed = 'rule_failed'

/** What decisions and reports call the product's own policies and outcomes. */
const taken: ReadonlySet<string> = new Set([...policyKeys, ruleFailed, 'ok'])

const name = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a name in lower case, of letters, digits, _ and -')
const ownName = name.refine(given => !taken.has(given), 'is a name of the product itself; choose another')

const condition = z.string().superRefine((text, context) => {
  try {
    compileExpression(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { message, line, column } = error
    context.addIssue({ code: 'custom', message, params: { line, column } })
  }
})

const effect = z.union(
  [
    z.enum(['block', 'flag']),
    z.strictObject({ score: z.int().min(0).max(1000) }),
    z.strictObject({ require: z.enum(declarableKeys) }),
  ],
  'must be "block", "flag", {"score": 0 to 1000} or {"require": a key that callers may declare}',
)

const rollout = z
  .strictObject({
    percent: z.number().min(0).max(100).describe('Share of the units that the rule is for'),
    by: z.enum(rolloutUnits).describe('What is counted: customers, keys or calls'),
    from: z.number().min(0).max(100).default(0).describe('Where the share begins, so that two can lie side by side'),
    experiment: name.optional().describe("Name that variants share, to divide the same units; the rule's id if absent"),
  })
  .refine(({ percent, from }) => percent + from <= 100, { path: ['percent'], message: 'ends beyond 100 with `from`' })

/** One of an owner's own rules, as it is written down. */
export const rule = z.strictObject({
  id: ownName.describe('Names the rule in decisions and records'),
  description: z.string().max(500).default('').describe('What the rule is for, shown to callers whom it refuses'),
  when: condition.describe('A condition in CEL over the facts of a call'),
  effect: effect.describe('What happens when the condition holds'),
  reason: ownName.optional().describe("The reason that callers are told; the rule's id if absent"),
  mode: z.enum(['enforce', 'shadow', 'off']).default('enforce').describe('`shadow`: judged and recorded, no effect'),
  rollout: rollout.optional().describe('The rule is for a share of calls only'),
  on_error: z.enum(['block', 'allow']).default('block').describe('What happens when the condition cannot be judged'),
})
export type Rule = z.infer<typeof rule>

export const rules = z.array(rule).max(maxRules).superRefine(uniqueIds)

function uniqueIds(given: readonly { id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>()
  for (const [index, { id }] of given.entries()) {
    if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: `${id} is there twice` })
    seen.add(id)
  }
}

/**
 * Lays a customer's rules over everyone's, by id: one of the same id replaces, any other is added. What is not a list
 * of rules is handed on as it is, to be refused by the schema.
 */
export function overlayRules(below: unknown, above: unknown): unknown {
  if (!Array.isArray(below) || !Array.isArray(above)) return above
  const own = new Map(above.map((one, index) => [idOf(one) ?? index, one]))
  if (own.size < above.length) return above
  const kept = below.map(one => {
    const id = idOf(one)
    const replaced = id === undefined ? undefined : own.get(id)
    if (id !== undefined) own.delete(id)
    return replaced ?? one
  })
  return [...kept, ...own.values()]
}

function idOf(one: unknown): string | undefined {
  return typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' ? one.id : undefined
}

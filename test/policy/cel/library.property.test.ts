// The library parses rules and checks their types; closures of our own judge them. Here both judge, and must agree.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facts } from '../../../src/contracts/facts.ts'
import { environment } from '../../../src/policy/cel/environment.ts'
import { compileExpression } from '../../../src/policy/cel/expression.ts'
import { anyFacts } from '../facts.ts'
import { celContext, condition } from './random.ts'

/** Any facts, with the keys that conditions ask for, and sizes that products of them do not overflow. */
const facts = anyFacts.map(
  (any): Facts => ({
    ...any,
    max_output_tokens: any.max_output_tokens === null ? null : any.max_output_tokens % 5000,
    sizes: { messages: 1, characters: 12, estimated_tokens: 3, tools: 2, images: 0, audio: 1, files: 2 },
    uninspected_characters: any.uninspected_characters % 100,
    personal_data: { ...any.personal_data, types: { email: 1, phone: 2, ...any.personal_data.types } },
    secrets: { secret_token: 1, ...any.secrets },
    custom: { code_name: 1, ...any.custom },
  }),
)

/** The value, or that there is none. */
function outcomeOf(judge: () => unknown): unknown {
  try {
    return judge()
  } catch {
    return 'an error'
  }
}

test('a condition comes to what the library makes of it, errors included', () => {
  const outcomes = new Map<unknown, number>()
  fc.assert(
    fc.property(condition, facts, (when, given) => {
      // What the library takes and rules may not: macros within macros, which are refused when they are saved.
      fc.pre(environment.check(when).valid && (when.match(/\(item,/g)?.length ?? 0) < 2)
      const ours = outcomeOf(() => compileExpression(when).holds({ facts: given, approves: () => true, item: null }))
      expect(ours).toBe(outcomeOf(() => environment.parse(when)(celContext(given))))
      outcomes.set(ours, (outcomes.get(ours) ?? 0) + 1)
    }),
    { numRuns: 3000 },
  )
  for (const outcome of [true, false, 'an error']) expect(outcomes.get(outcome)).toBeGreaterThan(100)
})

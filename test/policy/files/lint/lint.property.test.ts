import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileExpression } from '../../../../src/policy/cel/expression.ts'
import { lint } from '../../../../src/policy/files/lint/lint.ts'
import { readPolicies } from '../../../../src/policy/files/policies.ts'
import { anyFacts } from '../../facts.ts'

const count = fc.integer({ min: 0, max: 3 })
const atoms = fc.oneof(
  fc.constantFrom('call.stream', 'call.external', 'call.approved', "'image' in uninspectable_content"),
  fc
    .tuple(fc.constantFrom('call.messages', 'personal_data.total', "personal_data.types['email']", 'time.hour'), count)
    .chain(([fact, n]) => fc.constantFrom('<', '<=', '==', '!=', '>', '>=').map(sign => `${fact} ${sign} ${n}`)),
  fc
    .constantFrom('gpt-4o', 'llama-3', 'gpt')
    .chain(name =>
      fc.constantFrom(`call.model == '${name}'`, `call.model.startsWith('${name}')`, `call.model.contains('${name}')`),
    ),
)
const { condition } = fc.letrec<{ condition: string }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'condition' },
    atoms,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    tie('condition').map(one => `!(${one})`),
  ),
}))

const kindsOf = (when: string) => {
  const { file } = readPolicies(
    JSON.stringify({ everyone: { rules: { rules: [{ id: 'one', when, effect: 'flag' }] } } }),
  )
  return lint({ everyone: file.everyone ?? {}, customers: {} }).map(({ kind }) => kind)
}

test('what is found is so, on any call', () => {
  fc.assert(
    fc.property(condition, fc.array(anyFacts, { minLength: 20, maxLength: 20 }), (when, calls) => {
      const kinds = kindsOf(when)
      const { holds } = compileExpression(when)
      const results = calls.map(facts => holds({ facts, approves: () => false, item: null }))
      if (kinds.includes('never_holds')) expect(results).not.toContain(true)
      if (kinds.includes('always_holds')) expect(results).not.toContain(false)
    }),
    { numRuns: 300 },
  )
})

test('a condition and its opposite: never both, always one', () => {
  fc.assert(
    fc.property(condition, when => {
      expect(kindsOf(`(${when}) && !(${when})`)).not.toContain('always_holds')
      expect(kindsOf(`(${when}) || !(${when})`)).not.toContain('never_holds')
    }),
    { numRuns: 100 },
  )
})

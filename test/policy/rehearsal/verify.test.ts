import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { effectiveDocuments } from '../../../src/policy/documents.ts'
import { createVerification } from '../../../src/policy/rehearsal/verify.ts'
import { anyDocuments, anyFacts, harmless } from '../facts.ts'
import { decided } from './recorded.ts'

const policy = compilePolicy(effectiveDocuments({}))

function verified(...records: ReturnType<typeof decided>[]) {
  const verification = createVerification(version => (version === policy.version ? policy : null))
  for (const recorded of records) verification.add(recorded)
  return verification.report()
}

describe('verification', () => {
  test('any decision comes out of its record as it went in', () => {
    fc.assert(
      fc.property(anyDocuments, anyFacts, (layer, facts) => {
        const judge = compilePolicy(effectiveDocuments(layer))
        const verification = createVerification(() => judge)
        verification.add(decided(judge, { facts }))
        expect(verification.report()).toMatchObject({ exact: 1, different: { count: 0 } })
      }),
    )
  })

  test.each([
    ['allowed', { allowed: false }],
    ['risk_score', { riskScore: 7 }],
    ['reason', { reason: 'external_model' }],
    ['rule_errors', { ruleErrors: ['some_rule'] }],
    [
      'contributions',
      {
        contributions: [{ policy: 'rules', rule: 'x', reason: 'x', score: 1, effect: 'score' }] as ReturnType<
          typeof decided
        >['contributions'],
      },
    ],
  ])('tells where %s is not what the rules say', (field, fields) => {
    const recorded = decided(policy, fields)
    expect(verified(recorded, decided(policy))).toMatchObject({
      decisions: 2,
      exact: 1,
      different: { count: 1, decisions: [{ id: recorded.id, fields: [field] }] },
    })
  })

  test('counts what was judged by a set that is not kept, and names the set', () => {
    expect(verified(decided(policy, { facts: harmless, policyVersion: 'gone' }))).toEqual({
      decisions: 1,
      exact: 0,
      different: { count: 0, decisions: [] },
      unknown: { count: 1, versions: ['gone'] },
    })
  })
})

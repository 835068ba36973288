import fc from 'fast-check'
import { expect, test } from 'vitest'
import { providerAt } from '../../providers/configure.ts'
import { providers } from '../../providers/index.ts'
import type { Provider } from '../../providers/provider.ts'
import { type PolicyKey, policyKeys } from '../../src/contracts/decision.ts'
import type { Facts } from '../../src/contracts/facts.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { effectiveDocuments } from '../../src/policy/documents.ts'
import { createModelRouter } from '../../src/routing/route-model.ts'
import { anyDocuments, anyFacts, anyRules, ids, policyOf } from './facts.ts'

const runs = { numRuns: 500 }

test('a decision adds up: the score is the sum of its parts, and blocks and the threshold decide', () => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, (documents, facts) => {
      const { allowed, risk_score, threshold, reason, reasons, contributions } = policyOf(documents).decide(facts, ids)
      const blocks = contributions.filter(({ effect }) => effect === 'block' || effect === 'require')
      expect(risk_score).toBe(contributions.reduce((sum, { score }) => sum + score, 0))
      expect(allowed).toBe(blocks.length === 0 && risk_score < threshold)
      expect(reasons).toEqual([...new Set(contributions.map(part => part.reason))])
      if (allowed) expect(reason).toBe('ok')
      else {
        const weightiest = Math.max(...(blocks.length > 0 ? blocks : contributions).map(({ score }) => score))
        expect(contributions.filter(part => part.reason === reason).map(part => part.score)).toContain(weightiest)
      }
    }),
    runs,
  )
})

/** Names as callers give them: with a provider before the model, without, and with a slash of the model's own. */
const configured = ['openai', 'groq', 'openrouter', 'ollama'].map(id => {
  const found = providers.find(provider => provider.id === id)
  if (found === undefined) throw new Error(`No provider ${id}`)
  return providerAt(found, 'https://llm.example/v1', 'key')
})
const router = createModelRouter(configured, { defaultProvider: null, known: providers })
const anyName = fc.tuple(
  fc.constantFrom('', 'openai/', 'groq/', 'openrouter/', 'ollama/', 'openrouter/openai/'),
  fc.constantFrom('gpt-4o', 'llama-3', 'o3', 'compound', 'org/gpt-4o'),
)

test('the same call gets the same decision, declared to the check or found by the proxy', () => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, anyName, (documents, facts, name) => {
      const policy = policyOf(documents)
      const decideOn = (source: Facts['source'], where: { provider: Provider | null; model: string | null } | null) => {
        const { provider = null, model = null } = where ?? {}
        return policy.decide(
          { ...facts, source, model, provider: provider?.id ?? null, external: provider?.external ?? false },
          ids,
        )
      }
      expect(decideOn('check', router.guess(name.join('')))).toEqual(decideOn('proxy', router.route(name.join(''))))
    }),
    runs,
  )
})

test('the facts stay as they were, and a second judgement is the same', () => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, (documents, facts) => {
      const policy = policyOf(documents)
      const before = structuredClone(facts)
      const first = structuredClone(policy.decide(facts, ids))
      expect(facts).toEqual(before)
      expect(policy.decide(facts, ids)).toEqual(first)
    }),
    runs,
  )
})

test('in which order rules are written changes nothing', () => {
  fc.assert(
    fc.property(anyRules, fc.nat(), anyFacts, (rules, by, facts) => {
      const turned = [...rules.slice(by % (rules.length + 1)), ...rules.slice(0, by % (rules.length + 1))].reverse()
      const { policy_version: _, ...decision } = policyOf({ rules: { rules } }).decide(facts, ids)
      expect(policyOf({ rules: { rules: turned } }).decide(facts, ids)).toMatchObject(decision)
    }),
    runs,
  )
})

test('rules in shadow change nothing but what they are noted in', () => {
  fc.assert(
    fc.property(anyDocuments, anyRules, anyFacts, (documents, rules, facts) => {
      const seen = rules.map(rule => ({ ...rule, id: `shadow-${rule.id}`, mode: 'shadow' }))
      const own = (documents.rules as { rules: object[] } | undefined)?.rules ?? []
      const without = policyOf(documents).decide(facts, ids)
      const beside = policyOf({ ...documents, rules: { rules: [...own, ...seen] } }).decide(facts, ids)
      const { shadow, errors, policy_version, ...decision } = beside
      expect(without).toMatchObject(decision)
      expect(shadow.length).toBeGreaterThanOrEqual(without.shadow.length)
      expect(errors.filter(id => !id.startsWith('shadow-'))).toEqual(without.errors)
      expect(policy_version === without.policy_version).toBe(rules.length === 0)
    }),
    runs,
  )
})

test('a decision comes out again of what was stored of it', () => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, (documents, facts) => {
      const policy = policyOf(documents)
      const stored = JSON.parse(JSON.stringify({ facts, documents: policy.documents }))
      expect(compilePolicy(effectiveDocuments(stored.documents)).decide(stored.facts, ids)).toEqual(
        policy.decide(facts, ids),
      )
    }),
    runs,
  )
})

/** Each adds one risk to a call. */
const raised: Record<string, (facts: Facts) => Facts> = {
  'personal data declared': facts => ({ ...facts, personal_data: { ...facts.personal_data, declared: true } }),
  'personal data found': facts => ({
    ...facts,
    personal_data: { ...facts.personal_data, types: { ...facts.personal_data.types, us_ssn: 10 } },
  }),
  'an external provider': facts => ({ ...facts, external: true }),
  'a secret': facts => ({ ...facts, secrets: { ...facts.secrets, secret_token: 9 } }),
  'a text like an injection': facts => ({ ...facts, prompt_injection: { score: 1, speaker: 'tool' } }),
  'an image': facts => ({
    ...facts,
    uninspectable_content: [...new Set([...facts.uninspectable_content, 'image' as const])],
  }),
}

test.each(Object.entries(raised))('%s never lowers a score nor allows a call', (_what, raise) => {
  fc.assert(
    fc.property(anyDocuments, anyFacts, (documents, facts) => {
      const policy = policyOf(documents)
      const before = policy.decide(facts, ids)
      const after = policy.decide(raise(facts), ids)
      expect(after.risk_score).toBeGreaterThanOrEqual(before.risk_score)
      if (!before.allowed) expect(after.allowed).toBe(false)
    }),
    runs,
  )
})

test('the version is the same for the same documents, however they are written down, and only for them', () => {
  fc.assert(
    fc.property(anyDocuments, anyDocuments, (one, other) => {
      const first = policyOf(one)
      expect(policyOf(reversed(one)).version).toBe(first.version)
      const second = policyOf(other)
      const same = JSON.stringify(sorted(first.documents)) === JSON.stringify(sorted(second.documents))
      expect(first.version === second.version).toBe(same)
    }),
    runs,
  )
})

/** The same documents, with keys and fields in the opposite order. */
function reversed(documents: Partial<Record<PolicyKey, unknown>>): Partial<Record<PolicyKey, unknown>> {
  return Object.fromEntries(
    Object.entries(documents)
      .reverse()
      .map(([key, fields]) => [key, Object.fromEntries(Object.entries(fields as object).reverse())]),
  )
}

function sorted(documents: Record<PolicyKey, object>) {
  return policyKeys.map(key => Object.entries(documents[key]).sort(([a], [b]) => (a < b ? -1 : 1)))
}

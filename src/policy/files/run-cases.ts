import type { Decision } from '../../contracts/decision.ts'
import { compilePolicy, type Policy } from '../compile.ts'
import { effectiveDocuments, type PolicyDocuments } from '../documents.ts'
import type { PolicyCase } from './cases.ts'
import { completeFacts } from './partial-facts.ts'
import type { Layers } from './policies.ts'

export type CaseResult = { name: string; line: number; decision: Decision; failures: string[] }

/** A rule of the file and how many cases it spoke in. `customer` is whose document has it, null for everyone's. */
export type Reach = { rule: string; customer: string | null; cases: number }

export type CasesResult = { results: CaseResult[]; coverage: Reach[] }

/** Rollouts are left out of account, so that it does not matter which call it is. */
const ids = { customer: '', key: '', call: '' }

/** Judges every case by the file's policies, with rollouts at 100 per cent. Pure. */
export function runCases(layers: Layers, cases: readonly PolicyCase[]): CasesResult {
  const policies = new Map<string | null, Policy>()
  const policyOf = (customer: string | null) => {
    const known = policies.get(customer)
    if (known !== undefined) return known
    const own = customer === null ? {} : (layers.customers[customer] ?? {})
    const policy = compilePolicy(withoutRollouts(effectiveDocuments(layers.everyone, own)))
    policies.set(customer, policy)
    return policy
  }
  const coverage = reachable(layers)
  const results = cases.map(({ name, line, customer, facts, expect }) => {
    const caller = customer === undefined ? {} : { customer_email: customer }
    const complete = completeFacts({ ...facts, caller: { ...caller, ...facts?.caller } })
    const decision = policyOf(customer ?? null).decide(complete, ids)
    for (const rule of spoken(decision)) {
      const reach = coverage.findLast(one => one.rule === rule && [null, customer].includes(one.customer))
      if (reach !== undefined) reach.cases++
    }
    return { name, line, decision, failures: failuresOf(expect, decision) }
  })
  return { results, coverage }
}

function withoutRollouts(documents: PolicyDocuments): PolicyDocuments {
  const rules = documents.rules.rules.map(({ rollout: _, ...rule }) => rule)
  return { ...documents, rules: { ...documents.rules, rules } }
}

/** Every rule that an owner wrote and that is judged, where it is written: everyone's before those of customers. */
function reachable({ everyone, customers }: Layers): Reach[] {
  return [[null, everyone] as const, ...Object.entries(customers)].flatMap(([customer, layer]) =>
    effectiveDocuments(layer)
      .rules.rules.filter(({ mode }) => mode !== 'off')
      .map(({ id }) => ({ rule: id, customer, cases: 0 })),
  )
}

function spoken({ contributions, shadow }: Decision): Set<string> {
  return new Set([...contributions, ...shadow].map(({ rule }) => rule))
}

function failuresOf(expected: PolicyCase['expect'], decision: Decision): string[] {
  const rules = (parts: Decision['contributions']) => parts.map(({ rule }) => rule).toSorted()
  const found: Record<keyof PolicyCase['expect'], unknown> = {
    allowed: decision.allowed,
    reason: decision.reason,
    score: decision.risk_score,
    rules: rules(decision.contributions),
    shadow: rules(decision.shadow),
  }
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const want = Array.isArray(wanted) ? wanted.toSorted() : wanted
    const got = found[name as keyof typeof found]
    return JSON.stringify(want) === JSON.stringify(got)
      ? []
      : [`${name}: expected ${JSON.stringify(want)}, found ${JSON.stringify(got)}`]
  })
}

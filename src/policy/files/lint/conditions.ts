import type { Facts } from '../../../contracts/facts.ts'
import { compileExpression } from '../../cel/expression.ts'
import { compilePolicy, type Policy } from '../../compile.ts'
import type { PolicyDocuments } from '../../documents.ts'
import type { Rule } from '../../rule.ts'
import { vocabulary } from '../../vocabulary.ts'
import { completeFacts } from '../partial-facts.ts'
import { type Comparisons, comparisonsOf, type Literal, together } from './literals.ts'
import { type Worlds, worldsOf } from './worlds.ts'

/** A rule that is judged, with what it takes to try it. */
export type Condition = { rule: Rule; comparisons: Comparisons; speaks: (call: Facts) => boolean }

/** What the rules of a set are tried under. */
export type Surroundings = {
  conditions: Condition[]
  /** The same set without any rule. */
  builtIn: Policy
  worldsOf(condition: Condition): Worlds
  worldsOfBoth(one: Condition, other: Condition): Worlds
}

export function surroundingsOf(documents: PolicyDocuments): Surroundings {
  const builtIn = compilePolicy({ ...documents, rules: { rules: [] } })
  const base = permittedCall(documents)
  const known = namesKnown(documents)
  const tried = new Map<Condition, Worlds>()
  const worlds = (conditions: readonly Condition[]) =>
    worldsOf(withNames(together(conditions.map(({ comparisons }) => comparisons)), known), base, builtIn.approves)
  return {
    builtIn,
    conditions: documents.rules.rules.filter(isJudged).map(rule => conditionOf(rule, builtIn.approves)),
    worldsOf(condition) {
      const found = tried.get(condition) ?? worlds([condition])
      tried.set(condition, found)
      return found
    },
    worldsOfBoth: (one, other) => worlds([one, other]),
  }
}

function isJudged({ mode, rollout }: Rule): boolean {
  return mode !== 'off' && rollout?.percent !== 0
}

/** A rule that can't be judged on a call may speak. One that requires a key speaks where it is not declared. */
function conditionOf(rule: Rule, approves: Policy['approves']): Condition {
  const { holds, ast } = compileExpression(rule.when)
  const required = typeof rule.effect === 'object' && 'require' in rule.effect ? rule.effect.require : null
  return {
    rule,
    comparisons: comparisonsOf(ast),
    speaks(call) {
      if (required !== null && Object.hasOwn(call.declared, required)) return false
      try {
        return holds({ facts: call, approves, item: null })
      } catch {
        return true
      }
    },
  }
}

/** A call that no list refuses, so that what a rule adds can be seen. */
function permittedCall({ allowed_models, allowed_operations }: PolicyDocuments): Facts {
  const name = (patterns: readonly string[]) => patterns[0]?.replace(/\*$/, '~')
  const [provider, ...model] = (name(allowed_models.models) ?? '').split('/')
  const operation = name(allowed_operations.operations)
  return completeFacts({
    ...(model.length > 0 ? { provider, model: model.join('/') } : { model: provider }),
    ...(operation !== undefined && { operation }),
  })
}

type Names = Partial<Record<'call.model' | 'call.provider' | 'call.operation', string[]>>

/** Names that the other documents tell apart: a condition has to be tried on them as well. */
function namesKnown({ allowed_models, allowed_operations, block_external_models }: PolicyDocuments): Names {
  const bare = (patterns: readonly string[]) => patterns.map(pattern => pattern.replace(/\*$/, ''))
  const models = bare(allowed_models.models).map(model => model.split('/'))
  const providers = models.flatMap(([provider = '', ...model]) => (model.length > 0 ? [provider] : []))
  return {
    'call.model': models.map(parts => parts.slice(parts.length > 1 ? 1 : 0).join('/')),
    'call.operation': bare(allowed_operations.operations),
    'call.provider': [...providers, ...block_external_models.approved_providers],
  }
}

/** Whether a call is approved follows from its provider: the two take its place. */
function withNames({ facts, isPlain }: Comparisons, known: Names): Comparisons {
  const all = new Map(facts)
  if (all.delete('call.approved'))
    for (const path of ['call.external', 'call.provider'] as const)
      if (!all.has(path)) all.set(path, { path, key: null, word: vocabulary[path], literals: new Set() })
  for (const [path, names] of Object.entries(known)) {
    const fact = all.get(path)
    if (fact !== undefined) all.set(path, { ...fact, literals: new Set<Literal>([...fact.literals, ...names]) })
  }
  return { facts: all, isPlain }
}

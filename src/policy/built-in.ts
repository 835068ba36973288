import type { Contribution, Effect, PolicyKey } from '../contracts/decision.ts'
import { type Facts, type PersonalDataType, personalDataKinds, personalDataTypes } from '../contracts/facts.ts'
import type { PolicyDocuments } from './documents.ts'
import { matcherOf } from './patterns.ts'

/** What blocks weighs as much, so that it shows in the risk score. */
export const blockScore = 100

/** A rule whose condition is a plain predicate. It contributes the same whenever it applies, and cannot fail. */
export type BuiltInRule = { contribution: Contribution; applies: (facts: Facts) => boolean }

type Permissions = {
  approves: (provider: string | null) => boolean
  permitsModel: (provider: string | null, model: string) => boolean
}

/**
 * The policies that came with the product: short forms, of which each stands for one rule, or for one of each detector.
 */
export function builtInRules(documents: PolicyDocuments, { approves, permitsModel }: Permissions): BuiltInRule[] {
  const { block_personal_data, block_secrets, flag_prompt_injection, custom_detectors } = documents
  const { block_external_models, allowed_operations, block_uninspectable_content } = documents
  const permitsOperation = matcherOf(allowed_operations.operations)
  const refusedKinds = new Set<string>(block_uninspectable_content.kinds)
  const refusedSecrets = new Set<string>(block_secrets.types)
  const rules: (BuiltInRule & { enabled: boolean })[] = [
    {
      ...scored('block_personal_data', 'contains_personal_data', block_personal_data),
      applies: personalDataRule(block_personal_data),
    },
    {
      ...scored('block_secrets', 'contains_secrets', block_secrets),
      applies: ({ secrets }) => someKey(secrets, type => refusedSecrets.has(type)),
    },
    {
      ...scored('flag_prompt_injection', 'prompt_injection', flag_prompt_injection),
      applies: ({ prompt_injection }) => prompt_injection.score >= flag_prompt_injection.min_score,
    },
    ...custom_detectors.detectors.map(({ type, score }) => ({
      ...scored('custom_detectors', 'custom_finding', { enabled: true, score }, `custom_detectors/${type}`),
      applies: ({ custom }: Facts) => (custom[type] ?? 0) > 0,
    })),
    {
      ...scored('block_external_models', 'external_model', block_external_models),
      applies: facts => facts.external && !approves(facts.provider),
    },
    {
      ...blocking('allowed_models', 'model_not_allowed'),
      applies: ({ provider, model }) => model !== null && !permitsModel(provider, model),
    },
    {
      ...blocking('allowed_operations', 'operation_not_allowed'),
      applies: facts => facts.known_operation && !permitsOperation(facts.operation),
    },
    {
      ...blocking('block_uninspectable_content', 'uninspectable_content', block_uninspectable_content.enabled),
      applies: facts => facts.uninspectable_content.some(kind => refusedKinds.has(kind)),
    },
  ]
  return rules.filter(({ enabled }) => enabled).map(({ contribution, applies }) => ({ contribution, applies }))
}

/** A score of nothing is a flag: it is noted, and weighs nothing. */
function scored(
  policy: PolicyKey,
  reason: string,
  { enabled, score }: { enabled: boolean; score: number },
  rule: string = policy,
) {
  const effect: Effect = score === 0 ? 'flag' : 'score'
  return { enabled, contribution: Object.freeze({ policy, rule, reason, score, effect }) }
}

function blocking(policy: PolicyKey, reason: string, enabled = true) {
  const effect: Effect = 'block'
  return { enabled, contribution: Object.freeze({ policy, rule: policy, reason, score: blockScore, effect }) }
}

/** Whether personal data of the kinds that count was found or declared. */
function personalDataRule(document: PolicyDocuments['block_personal_data']): BuiltInRule['applies'] {
  const counting = typesOf(document.types)
  const combining = typesOf(document.combined)
  return function containsPersonalData({ personal_data: { declared, types, uncertain } }) {
    if (declared) return true
    let combined = 0
    for (const name in types) {
      const type = name as PersonalDataType
      const isCertain = document.uncertain || (types[type] ?? 0) > (uncertain[type] ?? 0)
      if (isCertain && counting.has(type)) return true
      if (combining.has(type) && ++combined > 1) return true
    }
    return false
  }
}

/** Types, and kinds spelt out as the types that they hold. */
function typesOf(names: readonly string[]): ReadonlySet<string> {
  const named = new Set(names)
  return new Set(personalDataTypes.filter(type => named.has(type) || named.has(personalDataKinds[type])))
}

function someKey(record: object, test: (key: string) => boolean): boolean {
  for (const key in record) if (test(key)) return true
  return false
}

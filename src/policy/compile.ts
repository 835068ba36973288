import { createHash } from 'node:crypto'
import {
  type Contribution,
  type Decision,
  type Effect,
  type PolicyKey,
  policyKeys,
  type ReasonId,
} from '../contracts/decision.ts'
import { type Facts, type PersonalDataType, personalDataKinds, personalDataTypes } from '../contracts/facts.ts'
import type { PolicyDocuments } from './documents.ts'
import { matcherOf } from './patterns.ts'

const blockScore = 100

/** A customer's policy, compiled: the policy decision point. Pure; the same facts always give the same decision. */
export type Policy = {
  /** Hash of the documents that judge. */
  version: string
  documents: PolicyDocuments
  rateLimit: PolicyDocuments['rate_limit']
  /** Whether every model may be used, so that a call may leave the choice to its provider. */
  permitsAnyModel: boolean
  permitsModel(provider: string | null, model: string): boolean
  approves(provider: string | null): boolean
  decide(facts: Facts): Decision
}

/** One document's part in judging: null when it has nothing to say about the facts. */
type Judge = (facts: Facts) => Contribution | null

/** Compiles a valid set of documents. Costs some microseconds; `decide` costs less than one. */
export function compilePolicy(documents: PolicyDocuments): Policy {
  const version = versionOf(documents)
  const { threshold } = documents.risk_threshold
  const approved = new Set(documents.block_external_models.approved_providers)
  const approves = (provider: string | null) => provider !== null && approved.has(provider)
  const matchesModel = matcherOf(documents.allowed_models.models)
  const permitsModel = (provider: string | null, model: string) =>
    matchesModel(model) || (provider !== null && matchesModel(`${provider}/${model}`))
  const judges = judgesOf(documents, approves, permitsModel)

  return {
    version,
    documents,
    rateLimit: documents.rate_limit,
    permitsAnyModel: documents.allowed_models.models.includes('*'),
    permitsModel,
    approves,
    decide(facts) {
      const contributions: Contribution[] = []
      let score = 0
      let blocked = false
      let weightiest: Contribution | null = null
      for (const judge of judges) {
        const contribution = judge(facts)
        if (contribution === null) continue
        contributions.push(contribution)
        score += contribution.score
        blocked ||= contribution.effect === 'block'
        if (weightiest === null || weighsMore(contribution, weightiest)) weightiest = contribution
      }
      const allowed = !blocked && score < threshold
      return {
        allowed,
        risk_score: score,
        threshold,
        reason: allowed || weightiest === null ? 'ok' : weightiest.reason,
        reasons: [...new Set(contributions.map(({ reason }) => reason))],
        contributions,
        approved: !facts.external || approves(facts.provider),
        policy_version: version,
      }
    },
  }
}

const rank: Record<Effect, number> = { block: 2, score: 1, flag: 0 }

/** A block outweighs any score, and a score any flag. Ties go to the judge that comes first. */
function weighsMore(a: Contribution, b: Contribution): boolean {
  return a.effect === b.effect ? a.score > b.score : rank[a.effect] > rank[b.effect]
}

function judgesOf(
  documents: PolicyDocuments,
  approves: Policy['approves'],
  permitsModel: Policy['permitsModel'],
): Judge[] {
  const { block_personal_data, block_secrets, flag_prompt_injection, custom_detectors } = documents
  const { block_external_models, allowed_operations, block_uninspectable_content } = documents
  const permitsOperation = matcherOf(allowed_operations.operations)
  const refusedKinds = new Set<string>(block_uninspectable_content.kinds)
  const refusedSecrets = new Set<string>(block_secrets.types)
  const rules: Rule[] = [
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
      ...scored('custom_detectors', 'custom_finding', { enabled: true, score }),
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
  return rules
    .filter(({ enabled }) => enabled)
    .map(
      ({ contribution, applies }) =>
        (facts: Facts) =>
          applies(facts) ? contribution : null,
    )
}

/** A document's rule: what it contributes, always the same, when it applies. */
type Rule = { enabled: boolean; contribution: Contribution; applies: (facts: Facts) => boolean }

/** A score of nothing is a flag: it is noted, and weighs nothing. */
function scored(policy: PolicyKey, reason: ReasonId, { enabled, score }: { enabled: boolean; score: number }) {
  const effect: Effect = score === 0 ? 'flag' : 'score'
  return { enabled, contribution: Object.freeze({ policy, reason, score, effect }) }
}

function blocking(policy: PolicyKey, reason: ReasonId, enabled = true) {
  return { enabled, contribution: Object.freeze({ policy, reason, score: blockScore, effect: 'block' as const }) }
}

/** Whether personal data of the kinds that count was found or declared. */
function personalDataRule(document: PolicyDocuments['block_personal_data']): Rule['applies'] {
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

/** The same for the same documents, however they were stored: keys in the order of their declaration. */
function versionOf(documents: PolicyDocuments): string {
  const canonical = JSON.stringify(
    policyKeys.map(key => Object.entries(documents[key]).sort(([a], [b]) => (a < b ? -1 : 1))),
  )
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16)
}

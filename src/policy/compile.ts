import { createHash } from 'node:crypto'
import { type Contribution, type Decision, type PolicyKey, policyKeys, type ReasonId } from '../contracts/decision.ts'
import type { Facts } from '../contracts/facts.ts'
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
        reasons: contributions.map(({ reason }) => reason),
        contributions,
        approved: !facts.external || approves(facts.provider),
        policy_version: version,
      }
    },
  }
}

/** A block outweighs any score. Ties go to the judge that comes first. */
function weighsMore(a: Contribution, b: Contribution): boolean {
  return a.effect === b.effect ? a.score > b.score : a.effect === 'block'
}

function judgesOf(
  documents: PolicyDocuments,
  approves: Policy['approves'],
  permitsModel: Policy['permitsModel'],
): Judge[] {
  const { block_personal_data, block_external_models, allowed_operations, block_uninspectable_content } = documents
  const permitsOperation = matcherOf(allowed_operations.operations)
  const refusedKinds = new Set<string>(block_uninspectable_content.kinds)
  const judges: [
    enabled: boolean,
    policy: PolicyKey,
    reason: ReasonId,
    blockOrScore: 'block' | number,
    applies: (facts: Facts) => boolean,
  ][] = [
    [
      block_personal_data.enabled,
      'block_personal_data',
      'contains_personal_data',
      block_personal_data.score,
      hasPersonalData,
    ],
    [
      block_external_models.enabled,
      'block_external_models',
      'external_model',
      block_external_models.score,
      facts => facts.external && !approves(facts.provider),
    ],
    [
      true,
      'allowed_models',
      'model_not_allowed',
      'block',
      ({ provider, model }) => model !== null && !permitsModel(provider, model),
    ],
    [
      true,
      'allowed_operations',
      'operation_not_allowed',
      'block',
      facts => facts.known_operation && !permitsOperation(facts.operation),
    ],
    [
      block_uninspectable_content.enabled,
      'block_uninspectable_content',
      'uninspectable_content',
      'block',
      facts => facts.uninspectable_content.some(kind => refusedKinds.has(kind)),
    ],
  ]
  return judges
    .filter(([enabled]) => enabled)
    .map(([, policy, reason, weight, applies]) => {
      const contribution: Contribution = Object.freeze({
        policy,
        reason,
        score: weight === 'block' ? blockScore : weight,
        effect: weight === 'block' ? 'block' : 'score',
      })
      return (facts: Facts) => (applies(facts) ? contribution : null)
    })
}

function hasPersonalData({ personal_data }: Facts): boolean {
  if (personal_data.declared) return true
  for (const _type in personal_data.types) return true
  return false
}

/** The same for the same documents, however they were stored: keys in the order of their declaration. */
function versionOf(documents: PolicyDocuments): string {
  const canonical = JSON.stringify(
    policyKeys.map(key => Object.entries(documents[key]).sort(([a], [b]) => (a < b ? -1 : 1))),
  )
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16)
}

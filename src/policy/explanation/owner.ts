import type { BuiltInReason, PolicyKey } from '../../contracts/decision.ts'
import type { Facts } from '../../contracts/facts.ts'
import type { PolicyDocuments } from '../documents.ts'
import type { Change } from './changes.ts'

/** What each reason of a built-in policy means. */
export const because: Record<BuiltInReason, string> = {
  contains_personal_data: 'the call carries personal data',
  contains_secrets: 'the call carries secrets',
  prompt_injection: 'a text in the call looks like a prompt injection',
  custom_finding: "the call carries what the organisation's own detectors look for",
  external_model: 'the provider is outside the organisation and not approved',
  model_not_allowed: 'the model is not among those allowed',
  operation_not_allowed: 'the operation is not among those allowed',
  uninspectable_content: 'the call carries content that cannot be looked into',
}

/** What an owner can do about a rule of which nothing else can be changed. */
const builtIn: Partial<Record<PolicyKey, (facts: Facts) => Change>> = {
  allowed_models: ({ model }) => ({
    caller: 'use one of the models that GET /v1/models lists',
    owner: `add ${model} to allowed_models`,
    command: null,
  }),
  allowed_operations: ({ operation }) => byOwner(`add ${operation} to allowed_operations`),
}

export function ownersChange(rule: string, facts: Facts, { rules: { rules } }: PolicyDocuments): Change {
  const own = rules.find(({ id }) => id === rule)
  if (own !== undefined) return byOwner(`change the rule ${rule}`)
  return builtIn[rule as PolicyKey]?.(facts) ?? byOwner(`change ${rule}`)
}

/** The owner's part where the owner could approve a provider instead. */
export function approvalOf(provider: string): Omit<Change, 'caller'> {
  return { owner: `approve provider ${provider}`, command: `npm run policy -- approve <email> ${provider}` }
}

function byOwner(owner: string): Change {
  return { caller: null, owner, command: null }
}

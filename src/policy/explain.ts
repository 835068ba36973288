import type { BuiltInReason, Decision } from '../contracts/decision.ts'
import type { Facts } from '../contracts/facts.ts'

/** What each reason means, and what would take it away. Built from ids and counts only. */
const explanations: Record<BuiltInReason, { because: string; remedy: (facts: Facts) => string }> = {
  contains_personal_data: {
    because: 'the call carries personal data',
    remedy: ({ personal_data: { types } }) => {
      const found = counted(types)
      return found !== ''
        ? `Remove the personal data that was found (${found}).`
        : 'Send the call without the personal data that was declared.'
    },
  },
  contains_secrets: {
    because: 'the call carries secrets',
    remedy: ({ secrets }) =>
      `Remove the secrets that were found (${counted(secrets)}), and replace them at their issuer.`,
  },
  prompt_injection: {
    because: 'a text in the call looks like a prompt injection',
    remedy: ({ prompt_injection: { speaker } }) =>
      `Remove the text of the ${speaker ?? 'user'} that gives the model orders, or ask the owner to change flag_prompt_injection.`,
  },
  custom_finding: {
    because: "the call carries what the organisation's own detectors look for",
    remedy: ({ custom }) => `Remove what was found (${counted(custom)}).`,
  },
  external_model: {
    because: 'the provider is outside the organisation and not approved',
    remedy: ({ provider }) =>
      `Use a model of an internal provider, or ask the owner to approve this one: npm run policy -- approve <email> ${provider ?? '<provider>'}`,
  },
  model_not_allowed: {
    because: 'the model is not among those allowed',
    remedy: () => 'Use one of the models that GET /v1/models lists, or ask the owner to extend allowed_models.',
  },
  operation_not_allowed: {
    because: 'the operation is not among those allowed',
    remedy: ({ operation }) => `Ask the owner to add ${operation} to allowed_operations.`,
  },
  uninspectable_content: {
    because: 'the call carries content that cannot be looked into',
    remedy: ({ uninspectable_content }) => `Send the call without: ${uninspectable_content.join(', ')}.`,
  },
}

function explanationOf(reason: string) {
  return reason in explanations
    ? explanations[reason as BuiltInReason]
    : { because: `rule ${reason}`, remedy: () => `Ask the owner about ${reason}.` }
}

function counted(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([type, count]) => `${type}: ${count}`)
    .join(', ')
}

/** What would let a refused call pass, a sentence each, the weightiest first. Empty if it passed. */
export function remedies(decision: Decision, facts: Facts): string[] {
  return decision.allowed ? [] : weighing(decision).map(reason => explanationOf(reason).remedy(facts))
}

/** What a refused caller is told. */
export function refusalMessage(decision: Decision, facts: Facts): string {
  const because = weighing(decision)
    .map(reason => explanationOf(reason).because)
    .join(', and ')
  return `Refused by policy: ${because} (risk score ${decision.risk_score}, threshold ${decision.threshold}). ${remedies(decision, facts).join(' ')}`
}

/** Reasons that had a part in a refusal: what was only flagged had none. */
function weighing({ contributions }: Decision): string[] {
  return [...new Set(contributions.filter(({ effect }) => effect !== 'flag').map(({ reason }) => reason))]
}

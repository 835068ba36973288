/** Policy documents that an owner can set, by their stored key. */
export const policyKeys = [
  'block_personal_data',
  'block_secrets',
  'flag_prompt_injection',
  'custom_detectors',
  'rules',
  'block_external_models',
  'risk_threshold',
  'allowed_models',
  'allowed_operations',
  'block_uninspectable_content',
  'rate_limit',
  'audit',
] as const
export type PolicyKey = (typeof policyKeys)[number]

/** Stable ids of what the built-in policies find; a rule of the owner's brings its own. */
export type BuiltInReason =
  | 'contains_personal_data'
  | 'contains_secrets'
  | 'prompt_injection'
  | 'custom_finding'
  | 'external_model'
  | 'model_not_allowed'
  | 'operation_not_allowed'
  | 'uninspectable_content'

/**
 * `block` refuses whatever the threshold is; `score` counts towards it; `flag` is noted and changes nothing; `require`
 * refuses as `block` does, for want of a declared key.
 */
export const effects = ['block', 'score', 'flag', 'require'] as const
export type Effect = (typeof effects)[number]

/** One policy's part in a decision. */
export type Contribution = {
  policy: PolicyKey
  /** The rule's id: an owner's own, or for a built-in policy the policy's key (`custom_detectors/code_name`). */
  rule: string
  reason: string
  /** Points added to the risk score. */
  score: number
  effect: Effect
}

/** The answer of the policy decision point. `reason` is `ok` or the reason that weighed most. */
export type Decision = {
  allowed: boolean
  risk_score: number
  threshold: number
  reason: string
  reasons: string[]
  contributions: Contribution[]
  /** What rules in shadow mode would have contributed. Without effect on all of the above. */
  shadow: Contribution[]
  /** Rules that could not be judged, by id: their `on_error` decided. */
  errors: string[]
  /** False when the call goes to an external provider that the customer has not approved. */
  approved: boolean
  /** Hash of the effective set of policy documents that judged. */
  policy_version: string
}

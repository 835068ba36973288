import { RE2JS } from 're2js'
import { z } from 'zod'
import { checksums } from '../contracts/custom-detector.ts'
import { type PolicyKey, policyKeys } from '../contracts/decision.ts'
import { personalDataKinds, personalDataTypes, secretTypes, uninspectableKinds } from '../contracts/facts.ts'
import { customTypeName, providerId } from '../contracts/names.ts'
import { operations } from '../operations.ts'
import { overlayRules, rules } from './rule.ts'

const score = z.int().min(0).max(1000)
const patterns = z.array(z.string().regex(/^[!-~]{1,256}$/, 'must be a name, in which a last * stands for any ending'))
const provider = z.string().regex(providerId, 'must be the id of a provider')

const kindsOfPersonalData = [...new Set(Object.values(personalDataKinds))]
const personalData = z.array(z.enum([...personalDataTypes, ...kindsOfPersonalData]))

const customDetector = z.strictObject({
  type: z.string().regex(customTypeName, 'must be a name in lower case, of letters, digits and _'),
  pattern: z
    .string()
    .min(1)
    .max(256)
    .refine(isPattern, 'must be a regular expression of RE2, and may not match an empty text'),
  ignore_case: z.boolean().default(false),
  keywords: z.array(z.string().min(2).max(64)).max(32).default([]),
  context: z.array(z.string().min(2).max(64)).max(32).default([]),
  checksum: z.enum(checksums).default('none'),
  score,
})

/** Every document that an owner can set: its form, what holds until it is set, and what it does in an owner's words. */
export const policyDocuments = {
  block_personal_data: document(
    'Adds to the risk score of a call in which personal data is found or declared. Findings of `types` count by themselves, those of `combined` once two different ones are found, and those that are uncertain if `uncertain` is set.',
    z.strictObject({
      enabled: z.boolean(),
      score,
      types: personalData,
      combined: personalData,
      uncertain: z.boolean(),
    }),
    { enabled: true, score: 70, types: ['identifier'], combined: ['detail'], uncertain: false },
  ),
  block_secrets: document(
    'Adds to the risk score of a call that carries keys, passwords or other secrets of the types given.',
    z.strictObject({ enabled: z.boolean(), score, types: z.array(z.enum(secretTypes)) }),
    { enabled: true, score: 100, types: [...secretTypes] },
  ),
  flag_prompt_injection: document(
    'Notes a call whose texts look like orders that their speaker has no right to give. With a score above 0, adds it to the risk score.',
    z.strictObject({ enabled: z.boolean(), min_score: z.number().min(0.01).max(1), score }),
    { enabled: true, min_score: 0.8, score: 0 },
  ),
  custom_detectors: document(
    "The owner's own detectors: a pattern, what must stand by it, and the risk score that a finding adds.",
    z.strictObject({ detectors: z.array(customDetector).max(50) }),
    { detectors: [] },
  ),
  rules: document(
    "The owner's own rules, in CEL. A customer's rules are added to everyone's; one of the same id replaces.",
    z.strictObject({ rules }),
    { rules: [] },
  ),
  block_external_models: document(
    'Adds to the risk score of a call to a provider outside the organisation, unless that provider is approved.',
    z.strictObject({ enabled: z.boolean(), score, approved_providers: z.array(provider).max(100) }),
    { enabled: true, score: 50, approved_providers: [] },
  ),
  risk_threshold: document(
    'A call whose risk score reaches the threshold is refused.',
    z.strictObject({ threshold: z.int().min(1).max(10_000) }),
    { threshold: 50 },
  ),
  allowed_models: document(
    'Models that may be used, as "model" or "provider/model". A last * stands for any ending.',
    z.strictObject({ models: patterns.max(1000) }),
    { models: ['*'] },
  ),
  allowed_operations: document(
    'Operations that may be used. Those through which content would pass unseen are left out until they are added.',
    z.strictObject({ operations: patterns.max(1000) }),
    { operations: operations.filter(({ unseen }) => !unseen).map(({ name }) => name) },
  ),
  block_uninspectable_content: document(
    'Refuses calls that carry content which cannot be looked into, of the kinds given.',
    z.strictObject({ enabled: z.boolean(), kinds: z.array(z.enum(uninspectableKinds)) }),
    { enabled: false, kinds: [...uninspectableKinds] },
  ),
  rate_limit: document(
    'Requests that each key may make in a window of so many seconds. They refill steadily.',
    z.strictObject({ requests: z.int().min(1).max(10_000_000), window_seconds: z.int().min(1).max(86_400) }),
    { requests: 100, window_seconds: 60 },
  ),
  audit: document(
    'What becomes of a call that cannot be recorded: `required` refuses it, `best_effort` lets it pass.',
    z.strictObject({ mode: z.enum(['required', 'best_effort']) }),
    { mode: 'required' },
  ),
} satisfies Record<PolicyKey, unknown>

/** One valid document for every key: the effective set that judges a customer's calls. */
export type PolicyDocuments = { [Key in PolicyKey]: z.infer<(typeof policyDocuments)[Key]['schema']> }

/** `at` is the place within an expression. */
export type PolicyFault = {
  key: PolicyKey
  field: string
  problem: string
  at?: { line: number; column: number }
}

/** A stored or proposed document that is not valid. Names its fields, never their values. */
export class InvalidPolicyError extends Error {
  override readonly name = 'InvalidPolicyError'
  readonly faults: readonly PolicyFault[]

  constructor(faults: readonly PolicyFault[]) {
    super(faults.map(({ key, field, problem }) => `${key}${field === '' ? '' : `.${field}`}: ${problem}`).join('\n'))
    this.faults = faults
  }
}

/**
 * Lays documents over one another field by field, the later over the earlier, and over the defaults. Throws
 * `InvalidPolicyError`.
 */
export function effectiveDocuments(...layers: readonly Partial<Record<PolicyKey, unknown>>[]): PolicyDocuments {
  const faults: PolicyFault[] = []
  const documents = Object.fromEntries(
    policyKeys.map(key => {
      const { schema, defaultValue } = policyDocuments[key]
      const merged = layers.reduce<unknown>((below, layer) => overlay(below, layer[key]), defaultValue)
      const parsed = schema.safeParse(merged)
      for (const issue of parsed.error?.issues ?? []) faults.push(faultOf(key, issue))
      return [key, parsed.data]
    }),
  )
  if (faults.length > 0) throw new InvalidPolicyError(faults)
  return documents as PolicyDocuments
}

function overlay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below
  if (!isPlain(below) || !isPlain(above)) return above
  if (!('rules' in below && 'rules' in above)) return { ...below, ...above }
  return { ...below, ...above, rules: overlayRules(below.rules, above.rules) }
}

/** A fault of a document, in our form. */
export function faultOf(key: PolicyKey, { path, message, ...issue }: z.core.$ZodIssue): PolicyFault {
  const fault = { key, field: path.join('.'), problem: message }
  if (issue.code !== 'custom' || issue.params?.line === undefined) return fault
  return { ...fault, at: { line: Number(issue.params.line), column: Number(issue.params.column) } }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RE2 takes time in proportion to the text, whatever the pattern; what it could not do so is not in its syntax. */
function isPattern(pattern: string): boolean {
  try {
    return !RE2JS.compile(pattern).matcher('').find()
  } catch {
    return false
  }
}

function document<Schema extends z.ZodType>(description: string, schema: Schema, defaultValue: z.infer<Schema>) {
  return { description, schema, defaultValue }
}

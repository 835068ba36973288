import type { Contribution } from './decision.ts'
import type { Facts, ResponseFacts, Source } from './facts.ts'

/** How a governed call ended. */
export const outcomes = [
  'completed',
  'policy_refused',
  'rate_limited',
  'invalid_request',
  'upstream_error',
  'upstream_failed',
  'upstream_timeout',
  'client_aborted',
  'unavailable',
  'internal_error',
] as const
export type Outcome = (typeof outcomes)[number]

/** One row of `usage_log`: the only thing that leaves a call's scope. Unknown figures are null, never 0. */
export type UsageRecord = {
  /** Decision id, UUID version 7. */
  id: string
  requestId: string
  customerId: string
  apiKeyId: string
  source: Source
  operation: string
  model: string | null
  provider: string | null
  allowed: boolean
  riskScore: number
  /** A policy's reason id, `ok`, or an error code for calls that ended before a decision. */
  reason: string
  contributions: Contribution[]
  /** What rules in shadow mode would have contributed; null when there was nothing. */
  shadow: Contribution[] | null
  /** Rules that could not be judged; null when there were none. */
  ruleErrors: string[] | null
  /** Null when the call ended before a decision. */
  policyVersion: string | null
  outcome: Outcome
  /** HTTP status that the client was sent, null if it left first. */
  status: number | null
  inputTokens: number | null
  outputTokens: number | null
  cachedInputTokens: number | null
  /** Milliseconds from arrival to end. */
  latencyMs: number
  /** Milliseconds from forwarding to the upstream's first byte. */
  upstreamMs: number | null
  /** The facts that were judged; null when the call ended before inspection. */
  facts: Facts | null
  /** Null when there was no answer that could be read. */
  response: ResponseFacts | null
  createdAt: Date
}

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
  'interrupted',
  'unavailable',
  'internal_error',
] as const
export type Outcome = (typeof outcomes)[number]

/**
 * What was decided about a call, and on what: durable before the call goes out or is answered. Members bear the names
 * of the columns of `usage_log`. Unknown figures are null, never 0.
 */
export type DecisionRecord = {
  /** Decision id, UUID version 7. */
  id: string
  request_id: string
  customer_id: string
  api_key_id: string
  source: Source
  operation: string
  model: string | null
  provider: string | null
  allowed: boolean
  risk_score: number
  /** A policy's reason id, `ok`, or an error code for calls that ended before a decision. */
  reason: string
  contributions: readonly Contribution[]
  /** What rules in shadow mode would have contributed; null when there was nothing. */
  shadow: readonly Contribution[] | null
  /** Rules that could not be judged; null when there were none. */
  rule_errors: readonly string[] | null
  /** Null when the call ended before a decision. */
  policy_version: string | null
  /** The facts that were judged; null when the call ended before inspection. */
  meta: Facts | null
  created_at: Date
}

/** How a call ended, and what is known by then. */
export type OutcomeRecord = {
  outcome: Outcome
  /** HTTP status that the client was sent, null if it left first. */
  status: number | null
  input_tokens: number | null
  output_tokens: number | null
  cached_input_tokens: number | null
  /** US dollars, null if unknown. */
  cost_usd: number | null
  /** Milliseconds from arrival to end; null if the end was not seen. */
  latency_ms: number | null
  /** Milliseconds from forwarding to the upstream's first byte. */
  upstream_ms: number | null
  /** Null when there was no answer that could be read. */
  response: ResponseFacts | null
}

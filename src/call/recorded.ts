import type { ResponseFacts } from '../contracts/facts.ts'
import type { DecisionRecord, Outcome, OutcomeRecord } from '../contracts/record.ts'
import { type ErrorCode, statusOf } from '../errors.ts'
import type { Cost } from '../usage/cost.ts'
import { type Call, written } from './call.ts'

/** What was decided about a call, as it is recorded. */
export function decisionRecord(call: Call): DecisionRecord {
  const { inspected, decision, answer } = call
  const { customerId, keyId } = written(call.principal)
  return {
    id: call.id,
    request_id: call.request.id,
    customer_id: customerId,
    api_key_id: keyId,
    source: call.source,
    operation: call.operation,
    model: inspected?.facts.model ?? null,
    provider: inspected?.facts.provider ?? null,
    allowed: decision?.allowed ?? false,
    risk_score: decision?.risk_score ?? 0,
    reason: decision?.reason ?? answer.failure ?? 'client_aborted',
    contributions: decision?.contributions ?? [],
    shadow: unlessEmpty(decision?.shadow),
    rule_errors: unlessEmpty(decision?.errors),
    policy_version: decision?.policy_version ?? null,
    meta: inspected?.facts ?? null,
    created_at: call.arrivedAt,
  }
}

/** How a call ended, as it is recorded. `status` is the one that the client was sent; null if it left first. */
export function outcomeRecord(
  call: Call,
  { status, response, price }: { status: number | null; response: ResponseFacts | null; price: Cost },
): OutcomeRecord {
  const { answer, inspected, arrivedAt } = call
  const usage = answer.usage ?? { inputTokens: null, outputTokens: null, cachedInputTokens: null }
  const { provider = null, model = null } = inspected?.facts ?? {}
  return {
    outcome: outcomeOf(call),
    status,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    cost_usd: price({ provider, model, usage, at: arrivedAt }),
    latency_ms: performance.now() - call.startedAt,
    upstream_ms: answer.sentAt === null || answer.beganAt === null ? null : answer.beganAt - answer.sentAt,
    response,
  }
}

/** Outcomes of the errors that are neither the caller's fault nor plain unavailability. */
const outcomeOfFailure: Partial<Record<ErrorCode, Outcome>> = {
  policy_refused: 'policy_refused',
  rate_limit_exceeded: 'rate_limited',
  upstream_failed: 'upstream_failed',
  upstream_timeout: 'upstream_timeout',
  internal_error: 'internal_error',
}

function outcomeOf({ answer }: Call): Outcome {
  if (answer.outcome !== null) return answer.outcome
  if (answer.failure === null) return 'client_aborted'
  return outcomeOfFailure[answer.failure] ?? (statusOf(answer.failure) < 500 ? 'invalid_request' : 'unavailable')
}

function unlessEmpty<Item>(items: Item[] | undefined): Item[] | null {
  return items === undefined || items.length === 0 ? null : items
}

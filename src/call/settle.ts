import type { AuditWriter } from '../audit/writer.ts'
import type { Log } from '../contracts/log.ts'
import type { Outcome } from '../contracts/record.ts'
import { type ErrorCode, statusOf } from '../errors.ts'
import type { Call } from './call.ts'

/** Outcomes of the errors that are neither the caller's fault nor plain unavailability. */
const outcomeOfFailure: Partial<Record<ErrorCode, Outcome>> = {
  policy_refused: 'policy_refused',
  rate_limit_exceeded: 'rate_limited',
  upstream_failed: 'upstream_failed',
  upstream_timeout: 'upstream_timeout',
  internal_error: 'internal_error',
}

/**
 * Records the call, once, when its connection or its turn on the connection is over: `close` of the raw response
 * is the one event that also comes after refusals, aborts and upstream deaths.
 */
export function settleOnClose(call: Call, { audit, log }: { audit: AuditWriter; log: Log }): void {
  call.reply.raw.once('close', function settle() {
    call.release?.()
    const { principal, inspected, decision, answer } = call
    if (principal === null) return
    const { statusCode, headersSent } = call.reply.raw
    const outcome = outcomeOf(call)
    audit.add({
      id: call.id,
      requestId: call.request.id,
      customerId: principal.customerId,
      apiKeyId: principal.keyId,
      source: call.source,
      operation: call.operation,
      model: inspected?.facts.model ?? null,
      provider: inspected?.facts.provider ?? null,
      allowed: decision?.allowed ?? false,
      riskScore: decision?.risk_score ?? 0,
      reason: decision?.reason ?? answer.failure ?? 'client_aborted',
      contributions: decision?.contributions ?? [],
      policyVersion: decision?.policy_version ?? null,
      outcome,
      status: headersSent ? statusCode : answer.status,
      inputTokens: answer.usage?.inputTokens ?? null,
      outputTokens: answer.usage?.outputTokens ?? null,
      cachedInputTokens: answer.usage?.cachedInputTokens ?? null,
      latencyMs: performance.now() - call.startedAt,
      upstreamMs: answer.upstreamMs,
      facts: inspected?.facts ?? null,
      createdAt: call.arrivedAt,
    })
    log.debug(
      { decision: call.id, requestId: call.request.id, operation: call.operation, outcome },
      'A call was settled',
    )
  })
}

function outcomeOf({ answer }: Call): Outcome {
  if (answer.outcome !== null) return answer.outcome
  if (answer.failure === null) return 'client_aborted'
  return outcomeOfFailure[answer.failure] ?? (statusOf(answer.failure) < 500 ? 'invalid_request' : 'unavailable')
}

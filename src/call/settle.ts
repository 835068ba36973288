import type { AuditWriter } from '../audit/writer.ts'
import type { ResponseFacts } from '../contracts/facts.ts'
import type { Log } from '../contracts/log.ts'
import type { Outcome } from '../contracts/record.ts'
import { type ErrorCode, statusOf } from '../errors.ts'
import type { Content } from '../inspection/content.ts'
import type { Inspector } from '../inspection/inspector.ts'
import type { Call } from './call.ts'
import { after } from './stage.ts'

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
 * is the one event that also comes after refusals, aborts and upstream deaths. What the answer carried is looked into
 * before that, and if it cannot be, the call is recorded without it.
 */
type Settings = { audit: AuditWriter; inspector: Inspector; log: Log }

export function settleOnClose(call: Call, { audit, inspector, log }: Settings): void {
  call.reply.raw.once('close', function settle() {
    call.release?.()
    const { principal, inspected, decision, answer } = call
    if (principal === null) return
    const { statusCode, headersSent } = call.reply.raw
    const outcome = outcomeOf(call)
    const record = (response: ResponseFacts | null) =>
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
        shadow: unlessEmpty(decision?.shadow),
        ruleErrors: unlessEmpty(decision?.errors),
        policyVersion: decision?.policy_version ?? null,
        outcome,
        status: headersSent ? statusCode : answer.status,
        inputTokens: answer.usage?.inputTokens ?? null,
        outputTokens: answer.usage?.outputTokens ?? null,
        cachedInputTokens: answer.usage?.cachedInputTokens ?? null,
        latencyMs: performance.now() - call.startedAt,
        upstreamMs: answer.upstreamMs,
        facts: inspected?.facts ?? null,
        response,
        createdAt: call.arrivedAt,
      })
    after(responseFacts(call, inspector, log), record)
    log.debug(
      { decision: call.id, requestId: call.request.id, operation: call.operation, outcome },
      'A call was settled',
    )
  })
}

function unlessEmpty<Item>(items: Item[] | undefined): Item[] | null {
  return items === undefined || items.length === 0 ? null : items
}

function responseFacts({ answer: { text }, policy, id }: Call, inspector: Inspector, log: Log) {
  const failed = () => {
    log.error({ decision: id }, 'An answer could not be looked into')
    return null
  }
  if (text === null) return null
  try {
    const content = inspector.inspect(text.end(), policy?.documents.custom_detectors.detectors)
    return content instanceof Promise ? content.then(toResponseFacts, failed) : toResponseFacts(content)
  } catch {
    return failed()
  }
}

function toResponseFacts({ sizes, types, uncertain, secrets, custom, ...rest }: Content): ResponseFacts {
  return {
    characters: sizes.characters,
    personal_data: { types, uncertain },
    secrets,
    custom,
    uninspectable_content: rest.uninspectable,
    uninspected_characters: rest.uninspectedCharacters,
  }
}

function outcomeOf({ answer }: Call): Outcome {
  if (answer.outcome !== null) return answer.outcome
  if (answer.failure === null) return 'client_aborted'
  return outcomeOfFailure[answer.failure] ?? (statusOf(answer.failure) < 500 ? 'invalid_request' : 'unavailable')
}

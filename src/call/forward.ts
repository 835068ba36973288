import type { FastifyRequest } from 'fastify'
import { AnswerWriter } from './answer.ts'
import { written } from './call.ts'
import { upstreamHeaders } from './headers.ts'
import type { CallParts } from './index.ts'
import { upstreamPath } from './upstream.ts'

type ForwardParts = Pick<CallParts, 'upstream' | 'answerInspectionLimit' | 'connectionWaitMs' | 'unreadLimitMs'>

/**
 * Sends the judged body, or none where the caller sent none; the answer goes to the client's connection as it comes.
 * Rides undici's `dispatch` rather than `@fastify/http-proxy`, which would cost more than everything else in a governed
 * call (see docs/ARCHITECTURE.md).
 */
export function createForward(parts: ForwardParts) {
  return function forward(request: FastifyRequest): void {
    const call = written(request.call)
    const { provider, outgoing } = written(call.inspected)
    const { origin, basePath } = written(provider)
    written(call.decision)
    const { 'content-type': _, ...headers } = upstreamHeaders(request.headers, written(provider))
    call.answer.sentAt = performance.now()
    const writer = new AnswerWriter(call, {
      hideUsage: outgoing?.hideUsage ?? false,
      inspectionLimit: parts.answerInspectionLimit,
      unreadLimitMs: parts.unreadLimitMs,
    })
    parts.upstream.dispatch(
      {
        origin,
        path: upstreamPath(basePath, request.url),
        method: 'POST',
        headers: outgoing === null ? headers : { ...headers, 'content-type': outgoing.contentType },
        body: outgoing?.body ?? null,
      },
      writer,
    )
    writer.limitWait(parts.connectionWaitMs)
  }
}

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { createAnswerReader } from '../inspection/answer.ts'
import { createUsageReader, type UsageReader } from '../usage/reader.ts'
import { createUsageHider } from '../usage/stream-options.ts'
import type { Call } from './call.ts'
import { answerHeaders } from './headers.ts'
import { isFinal, upstreamError } from './upstream.ts'

const gone = new Error('The client left')
const unusable = new Error('The provider answered with a status that cannot be passed on')

type Settings = { answerInspectionLimit: number }

/**
 * Writes a provider's answer to the client byte for byte, at the pace that the client reads, and notes usage on the
 * way. Leaves `call.answer` as the call ended: with an outcome when the provider ended it, without one when the client
 * left first.
 */
export function createAnswerWriter(
  call: Call,
  hideUsage: boolean,
  { answerInspectionLimit: limit }: Settings,
): Dispatcher.DispatchHandler {
  const { reply, answer } = call
  const { operation } = call.request.routeOptions.config
  const raw = reply.raw
  const sentAt = performance.now()
  let reader: UsageReader | null = null
  let hider: ReturnType<typeof createUsageHider> | null = null

  function fail(controller: Dispatcher.DispatchController, error: Error): void {
    controller.abort(error)
  }

  return {
    onRequestStart(controller) {
      if (raw.destroyed) return fail(controller, gone)
      call.release = () => {
        if (!raw.writableFinished) fail(controller, gone)
        answer.usage = reader?.end() ?? null
      }
    },

    onResponseStart(controller, status, headers) {
      // Informational answers (103) come before the real one.
      if (status < 200) return
      if (!isFinal(status)) return fail(controller, unusable)
      answer.upstreamMs = performance.now() - sentAt
      const stream = isEventStream(headers)
      const readable = isReadable(headers)
      if (readable && limit > 0) answer.text = createAnswerReader({ stream, limit })
      if (operation.takesModel && readable) {
        reader = createUsageReader()
        if (hideUsage && stream) hider = createUsageHider()
      }
      const shown = answerHeaders(headers)
      // What is hidden is missing from the length that the provider announced.
      if (hider !== null) delete shown['content-length']
      // Should it throw, the call ends in onResponseError, which still needs the reply.
      raw.writeHead(status, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...shown })
      reply.hijack()
      // Node holds headers back for the first bytes of the body, which in a stream can be long in coming.
      if (stream) raw.flushHeaders()
    },

    onResponseData(controller, chunk) {
      reader?.feed(chunk)
      answer.text?.feed(chunk)
      const shown = hider === null ? chunk : hider.push(chunk)
      if (shown === null || raw.write(shown)) return
      controller.pause()
      raw.once('drain', () => controller.resume())
    },

    onResponseEnd() {
      answer.outcome = raw.statusCode < 400 ? 'completed' : 'upstream_error'
      raw.end(hider?.end() ?? undefined)
    },

    onResponseError(_controller, error) {
      if (error === gone) return
      const failure = upstreamError(error)
      if (!raw.headersSent) {
        reply.send(failure)
        return
      }
      // A broken connection is the only honest end for an answer that was cut off.
      answer.failure = failure.code
      raw.destroy()
    },
  }
}

function isReadable(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding']
  return (
    (encoding === undefined || encoding === 'identity') &&
    (isEventStream(headers) || /\bjson\b/i.test(headers['content-type'] ?? ''))
  )
}

function isEventStream(headers: IncomingHttpHeaders): boolean {
  return /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
}

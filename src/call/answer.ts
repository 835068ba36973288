import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { GovernedError } from '../errors.ts'
import { createAnswerReader } from '../inspection/answer.ts'
import { UsageReader } from '../usage/reader.ts'
import { createUsageHider, type UsageHider } from '../usage/stream-options.ts'
import type { Call } from './call.ts'
import { answerHeaders } from './headers.ts'
import { createPauseLimit } from './unread.ts'
import { isFinal, outcomeOfAnswer, upstreamError } from './upstream.ts'

type Controller = Dispatcher.DispatchController

/**
 * `hideUsage`: of a stream, what the client did not ask for. Bytes of an answer that are looked into, and milliseconds.
 */
type Settings = { hideUsage: boolean; inspectionLimit: number; unreadLimitMs: number }

const gone = new Error('The client left')
const unusable = new Error('The provider answered with a status that cannot be passed on')

/**
 * Writes a provider's answer to the client byte for byte, at the pace that the client reads, and notes usage on the
 * way. Leaves `call.answer` as the call ended: with an outcome when the provider ended it, without one when the client
 * left first.
 */
export class AnswerWriter implements Dispatcher.DispatchHandler {
  readonly #call: Call
  readonly #settings: Settings
  #controller: Controller | null = null
  /** For a connection. */
  #wait: 'on' | 'over' | 'given up' = 'on'
  #timer: NodeJS.Timeout | null = null
  #limit: ReturnType<typeof createPauseLimit> | null = null
  #usage: UsageReader | null = null
  #hider: UsageHider | null = null
  /** What was not written yet. */
  #head: { status: number; headers: OutgoingHttpHeaders } | null = null

  constructor(call: Call, settings: Settings) {
    this.#call = call
    this.#settings = settings
  }

  /** Ends the call where it waits longer than this for a connection. To be called once it was dispatched. */
  limitWait(limitMs: number): void {
    if (this.#wait === 'over') return
    this.#timer = setTimeout(() => {
      this.#wait = 'given up'
      if (!this.#call.reply.raw.destroyed) this.#call.reply.send(new GovernedError('upstream_timeout'))
    }, limitMs).unref()
  }

  #endWait(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#wait === 'on') this.#wait = 'over'
  }

  onRequestStart(controller: Controller): void {
    this.#endWait()
    this.#controller = controller
    this.#call.carrier = this
    if (this.#call.reply.raw.destroyed || this.#wait === 'given up') controller.abort(gone)
  }

  /** Ends the provider's call where the client left before it was answered. */
  release(): void {
    const { reply, answer } = this.#call
    this.#limit?.end()
    if (!reply.raw.writableFinished) this.#controller?.abort(gone)
    answer.usage = this.#usage?.found ?? null
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    // Informational answers (103) come before the real one.
    if (status < 200) return
    if (!isFinal(status)) {
      controller.abort(unusable)
      return
    }
    const { reply, answer, request } = this.#call
    answer.beganAt = performance.now()
    const stream = isEventStream(headers)
    const readable = isReadable(headers)
    const { inspectionLimit, hideUsage } = this.#settings
    if (readable && inspectionLimit > 0) answer.text = createAnswerReader({ stream, limit: inspectionLimit })
    if (request.routeOptions.config.operation.takesModel && readable) {
      this.#usage = new UsageReader()
      if (hideUsage && stream) this.#hider = createUsageHider()
    }
    const shown = answerHeaders(headers)
    // What is hidden is missing from the length that the provider announced.
    if (this.#hider !== null) delete shown['content-length']
    this.#head = { status, headers: { ...(reply.getHeaders() as OutgoingHttpHeaders), ...shown } }
    // The events of a stream can be long in coming. The head of another answer waits for its first bytes: should these
    // not come, there is still an error to be answered.
    if (!stream) return
    this.#begin()
    reply.raw.flushHeaders()
  }

  /** Writes the head. Should it throw, the call ends in onResponseError, which still needs the reply. */
  #begin(): void {
    if (this.#head === null) return
    const { reply } = this.#call
    const { status, headers } = this.#head
    this.#head = null
    reply.raw.writeHead(status, headers)
    reply.hijack()
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const { reply, answer } = this.#call
    this.#begin()
    this.#usage?.feed(chunk)
    answer.text?.feed(chunk)
    const shown = this.#hider === null ? chunk : this.#hider.push(chunk)
    if (shown === null || reply.raw.write(shown) || controller.paused) return
    controller.pause()
    this.#limit ??= createPauseLimit(reply.raw, this.#settings.unreadLimitMs)
    this.#limit.pause()
    reply.raw.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    const { reply, answer } = this.#call
    this.#begin()
    answer.outcome = outcomeOfAnswer(reply.raw.statusCode)
    reply.raw.end(this.#hider?.end() ?? undefined)
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#endWait()
    if (error === gone || this.#wait === 'given up') return
    const { reply, answer } = this.#call
    const failure = upstreamError(error)
    if (!reply.raw.headersSent) {
      reply.send(failure)
      return
    }
    // A broken connection is the only honest end for an answer that was cut off.
    answer.failure = failure.code
    reply.raw.destroy()
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

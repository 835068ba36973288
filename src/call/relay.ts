import { AsyncLocalStorage } from 'node:async_hooks'
import type { OutgoingHttpHeaders } from 'node:http'
import { pipeline, Readable, Transform } from 'node:stream'
import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import type { Dispatcher } from 'undici'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import { GovernedError } from '../errors.ts'
import type { Operation } from '../operations.ts'
import { type Call, written } from './call.ts'
import { answerHeaders, upstreamHeaders, withdrawAnswer } from './headers.ts'
import type { CallParts } from './index.ts'
import { socketOptions } from './socket.ts'
import { createPauseLimit } from './unread.ts'
import { isFinal, outcomeOfAnswer, upstreamError, upstreamPath } from './upstream.ts'

type RelayParts = Pick<CallParts, 'upstream' | 'bodyLimit' | 'uploadLimit' | 'unreadLimitMs' | 'shutdownTimeoutMs'>

/**
 * Pipes an operation whose body is not read (downloads, uploads, WebSockets) through `@fastify/http-proxy`, after the
 * same stages as every other call. The limits are in bytes, `bodyLimit` for one message of a WebSocket.
 */
export function relay(
  scope: FastifyInstance,
  operation: Operation,
  { upstream, bodyLimit, uploadLimit, unreadLimitMs, shutdownTimeoutMs }: RelayParts,
): void {
  const calls = new AsyncLocalStorage<Call>()
  scope.register(httpProxy, {
    routes: [operation.path],
    httpMethods: [operation.method],
    config: { operation },
    upstream: '',
    undici: endedWithCall(upstream, calls),
    disableRequestLogging: true,
    // A GET answered 503 would be sent ten times over; a number of retries of 0 does not stop it.
    retryMethods: [],
    preHandler(request, _reply, done) {
      const call = written(request.call)
      written(call.decision)
      request.raw.url = upstreamPath(providerOf(request).basePath, withModel(call))
      request.body =
        operation.body === 'upload' && request.body instanceof Readable ? limited(request.body, uploadLimit) : undefined
      calls.run(call, done)
    },
    replyOptions: {
      getUpstream: request => providerOf(request).origin,
      rewriteRequestHeaders: request => {
        const headers = upstreamHeaders(request.headers, providerOf(request))
        const length = request.headers['content-length']
        return request.body === undefined || length === undefined ? headers : { ...headers, 'content-length': length }
      },
      rewriteHeaders: answerHeaders,
      onResponse(request, _reply, { stream }) {
        const call = written(request.call)
        // The library reports a status that HTTP does not know as an error, and then as an answer.
        const refused = call.answer.failure !== null
        if (!refused && isFinal(call.reply.statusCode)) return pass(stream, call, unreadLimitMs)
        stream.destroy()
        if (!refused) fail(call, new GovernedError('upstream_failed'))
      },
      onError: ({ request }, { error }) => fail(written(request.call), upstreamError(error.cause)),
    },
    ...(operation.body === 'socket' &&
      socketOptions(scope, calls, {
        maxPayload: bodyLimit,
        shutdownTimeoutMs,
        headersFor: request => upstreamHeaders(request.headers, providerOf(request)),
      })),
  })
}

/** The call's address, with the model under the name that its provider knows. */
function withModel({ request, inspected }: Call): string {
  const model = written(inspected).facts.model
  if (model === null) return request.url
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (searchParams.has('model')) searchParams.set('model', model)
  const path = request.routeOptions.config.operation.path.includes(':model')
    ? request.routeOptions.config.operation.path.replace(':model', encodeURIComponent(model))
    : pathname
  return searchParams.size === 0 ? path : `${path}?${searchParams}`
}

function providerOf(request: { call: Call | null }): ConfiguredProvider {
  return written(written(written(request.call).inspected).provider)
}

/** The provider's connections, for a library that has no way to end a call whose client left before the answer. */
function endedWithCall(upstream: Dispatcher, calls: AsyncLocalStorage<Call>): Pick<Dispatcher, 'request'> {
  type Done = (error: Error | null, data: Dispatcher.ResponseData<null>) => void
  function request(options: Dispatcher.RequestOptions<null>, done: Done) {
    const call = written(calls.getStore() ?? null)
    const ending = new AbortController()
    call.carrier = {
      release() {
        if (!call.reply.raw.writableFinished) ending.abort()
      },
    }
    call.answer.sentAt = performance.now()
    upstream.request({ ...options, signal: ending.signal }, done)
  }
  return { request: request as Dispatcher['request'] }
}

function fail({ reply }: Call, error: GovernedError): void {
  withdrawAnswer(reply)
  reply.send(error)
}

/** Headers go out before the first byte of the body, and a body that is cut off breaks the connection. */
function pass(stream: Readable, call: Call, unreadLimitMs: number): void {
  const { reply, answer } = call
  answer.beganAt = performance.now()
  try {
    reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders)
  } catch (error) {
    stream.destroy()
    fail(call, upstreamError(error))
    return
  }
  reply.hijack()
  reply.raw.flushHeaders()
  // A client that leaves ends the call before the stream does, which leaves no outcome.
  stream.once('end', () => {
    answer.outcome = outcomeOfAnswer(reply.raw.statusCode)
  })
  stream.once('error', error => {
    answer.failure = upstreamError(error).code
  })
  const limit = createPauseLimit(reply.raw, unreadLimitMs)
  stream.on('pause', limit.pause)
  pipeline(stream, reply.raw, limit.end)
}

function limited(body: Readable, limit: number): Readable {
  let bytes = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > limit) done(new GovernedError('body_too_large'))
      else done(null, chunk)
    },
  })
  body.once('error', error => counter.destroy(error))
  return body.pipe(counter)
}

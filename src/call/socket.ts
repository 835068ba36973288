import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WebSocket } from 'ws'
import { type Call, written } from './call.ts'

const realtime = 'realtime'

const handshakeTimeoutMs = 10_000
/** For a side that does not answer the other's goodbye. */
const closeTimeoutMs = 5000

/** Bytes that may wait for one side to read them before the other is held back, and how often that is looked at. */
const highWater = 1_048_576
const lookAgainMs = 20

/** The library's codes for a connection that failed, that ended without a goodbye, and with one that has no code. */
const goingAway = 1001
const failure = 1011
const brokenOff = 4006
const withoutCode = 4005

const clientSocket = (isStopping: () => boolean, shutdownTimeoutMs: number) =>
  class ClientSocket extends WebSocket {
    #isToEnd = false

    /** Does not repeat our own failures (addresses, certificates) in the reason. */
    override close(code?: number, reason?: string | Buffer): void {
      if (code === undefined && isStopping() && !this.#isToEnd) this.#closeInTime()
      else if (code === failure || code === brokenOff) super.close(failure, 'The provider could not be reached')
      else if (code === withoutCode) super.close()
      else super.close(code, reason)
    }

    /**
     * When the process stops the library closes all clients, at once and without a code. These may end by themselves
     * first.
     */
    #closeInTime(): void {
      this.#isToEnd = true
      const timer = setTimeout(() => super.close(goingAway, 'The proxy is shutting down'), shutdownTimeoutMs)
      this.once('close', () => clearTimeout(timer))
    }

    /**
     * Pings are answered here, and pongs are for whoever pinged. The library would pass both on without looking whether
     * the provider reads: a client could fill the memory with them.
     */
    override emit(event: string | symbol, ...values: unknown[]): boolean {
      return event !== 'ping' && event !== 'pong' && super.emit(event, ...values)
    }
  }

type Settings = {
  /** Bytes of one message at most. */
  maxPayload: number
  shutdownTimeoutMs: number
  headersFor: (request: FastifyRequest) => Record<string, string>
}

/**
 * Options of `@fastify/http-proxy` for WebSockets, whose upgrade has passed the stages like any other call and runs
 * within `calls`. An `object`, because its types leave out what it takes from the `ws` package.
 */
export function socketOptions(
  scope: FastifyInstance,
  calls: AsyncLocalStorage<Call>,
  { maxPayload, shutdownTimeoutMs, headersFor }: Settings,
): object {
  let stopping = false
  scope.addHook('preClose', async () => {
    stopping = true
  })
  return {
    websocket: true,
    wsServerOptions: {
      WebSocket: clientSocket(() => stopping, shutdownTimeoutMs),
      maxPayload,
      closeTimeout: closeTimeoutMs,
      // Browsers pass the key as a subprotocol: that one may be neither chosen nor passed on.
      handleProtocols: (offered: Set<string>) => (offered.has(realtime) ? realtime : false),
    },
    wsClientOptions: {
      maxPayload,
      handshakeTimeout: handshakeTimeoutMs,
      closeTimeout: closeTimeoutMs,
      rewriteRequestHeaders: (_headers: unknown, request: FastifyRequest) => headersFor(request),
      finishRequest(handshake: ClientRequest, provider: WebSocket) {
        note(written(calls.getStore() ?? null), provider)
        handshake.end()
      },
    },
    wsHooks: {
      onIncomingMessage: (_context: unknown, client: WebSocket, provider: WebSocket) => holdBack(client, provider),
      onOutgoingMessage: (_context: unknown, client: WebSocket, provider: WebSocket) => holdBack(provider, client),
    },
  }
}

/** Notes how the session ends. It begins when the provider is called, for the client has its handshake by then. */
function note(call: Call, provider: WebSocket): void {
  const { answer } = call
  answer.status = 101
  answer.outcome = 'completed'
  const fail = () => {
    answer.outcome = 'upstream_failed'
  }
  provider.once('error', fail)
  // The library leaves a connection open whose handshake was answered otherwise.
  provider.once('unexpected-response', () => provider.terminate())
  provider.once('close', code => {
    if (code === 1006) fail()
  })
  // The library closes only what is open: a session that the client left early would go on without it.
  call.carrier = {
    release() {
      if (provider.readyState === WebSocket.CONNECTING) provider.terminate()
    },
  }
}

/** Stops reading from one side until the other has read what it was sent: the library would keep it all in memory. */
function holdBack(from: WebSocket, to: WebSocket): void {
  if (from.isPaused || !isFull(to)) return
  from.pause()
  const timer = setInterval(() => {
    if (isFull(to)) return
    clearInterval(timer)
    from.resume()
  }, lookAgainMs)
  timer.unref()
}

function isFull({ readyState, bufferedAmount }: WebSocket): boolean {
  return readyState === WebSocket.CONNECTING || (readyState === WebSocket.OPEN && bufferedAmount > highWater)
}

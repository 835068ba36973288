import { Agent, type Dispatcher } from 'undici'
import type { Config } from '../config.ts'
import type { Outcome } from '../contracts/record.ts'
import { GovernedError } from '../errors.ts'

/**
 * The connections to providers. One for everything that leaves, because it verifies certificates: what
 * `@fastify/http-proxy` would make for itself does not.
 */
export function createUpstream(settings: Config['upstream']): Dispatcher {
  return new Agent({
    connections: settings.connections,
    headersTimeout: settings.responseTimeoutMs,
    bodyTimeout: settings.idleTimeoutMs,
    connect: { timeout: settings.connectTimeoutMs, rejectUnauthorized: true },
  })
}

/** What a caller is told of a failure to reach a provider: that, and nothing of addresses or certificates. */
export function upstreamError(cause: unknown): GovernedError {
  if (cause instanceof GovernedError) return cause
  const late = cause instanceof Error && 'code' in cause && String(cause.code).endsWith('_TIMEOUT')
  return new GovernedError(late ? 'upstream_timeout' : 'upstream_failed', { cause })
}

/**
 * Whether a status can be passed on. An SDK would follow a redirection with our caller's key, to a place that nobody
 * judged; what is not in HTTP (RFC 9110, section 15) means nothing to anybody.
 */
export function isFinal(status: number): boolean {
  return status < 300 || (status >= 400 && status < 600)
}

/** How a call ended whose provider answered it to the end. */
export function outcomeOfAnswer(status: number): Outcome {
  return status < 400 ? 'completed' : 'upstream_error'
}

/** The address at the provider for one here: base URLs end in their own version segment. */
export function upstreamPath(basePath: string, url: string): string {
  return basePath + url.slice('/v1'.length)
}

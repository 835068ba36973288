import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { ConfiguredProvider } from '../../providers/provider.ts'

type Headers = Record<string, string | string[]>

/**
 * What a provider may learn from the caller's headers. An allow-list, because the rest can carry the caller's key,
 * cookies, addresses and whatever its framework adds; and none longer than it needs to be, because headers are not
 * inspected.
 */
const requestHeaders = ['accept', 'content-type', 'idempotency-key', 'openai-beta', 'user-agent', 'x-client-request-id']

const maxLength = 512

/** What a caller may learn from a provider's headers: not its account, its limits on us, or its cookies. */
export const answerHeaderNames: readonly string[] = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-disposition',
  'content-range',
  'openai-processing-ms',
  'openai-version',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
]

/**
 * What Node writes again whatever the header is. It throws at other bytes, at those of Latin-1 too in a
 * `content-disposition` beside a `content-length`: a file's name in plain UTF-8.
 */
const writable = /^[\t -~]*$/
const isWritable = (value: string | string[]) =>
  typeof value === 'string' ? writable.test(value) : value.every(each => writable.test(each))

/**
 * Headers for the provider: the allowed ones and its own credential. Answers are asked for uncompressed, to be read.
 */
export function upstreamHeaders(incoming: IncomingHttpHeaders, provider: ConfiguredProvider): Record<string, string> {
  const outgoing: Record<string, string> = { 'accept-encoding': 'identity' }
  for (const name of requestHeaders) {
    const value = incoming[name]
    if (typeof value === 'string' && value.length <= maxLength) outgoing[name] = value
  }
  if (provider.apiKey !== null) outgoing.authorization = `Bearer ${provider.apiKey}`
  return outgoing
}

/** The headers of a provider's answer that the caller is shown. One that Node would not write again is left out. */
export function answerHeaders(upstream: IncomingHttpHeaders): Headers {
  const shown: Headers = {}
  for (const name of answerHeaderNames) {
    const value = upstream[name]
    if (value !== undefined && isWritable(value)) shown[name] = value
  }
  return shown
}

/** Takes the headers of a provider's answer back, where an answer of our own replaces it. */
export function withdrawAnswer(reply: FastifyReply): void {
  for (const name of answerHeaderNames) reply.removeHeader(name)
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { type ErrorCode, GovernedError } from './errors.ts'

/** The framework's and Node's own errors, in our words. */
const foreignCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** Sends every failure in OpenAI's shape; what is not ours to explain becomes `internal_error` and is reported. */
export function createErrorHandler(report: (error: Error, request: FastifyRequest) => void) {
  return function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
    // The client left: there is nobody to answer, and what failed for that is no failure of ours.
    if (request.raw.socket.destroyed) return void reply.hijack()
    const governed = governedErrorOf(error)
    if (request.call) request.call.answer.failure = governed.code
    if (governed.statusCode >= 500) report(governed, request)
    return reply
      .code(governed.statusCode)
      .headers(governed.details.headers ?? {})
      .send(governed.toBody())
  }
}

/** Answers what Node could not parse as a request. There is no reply object yet, only the socket. */
export function answerUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const governed = new GovernedError(foreignCodes[error.code ?? ''] ?? 'invalid_request')
  const body = JSON.stringify(governed.toBody())
  const headers = Object.entries({ ...bodyHeaders(body), connection: 'close' }).map(entry => entry.join(': '))
  socket.end([`HTTP/1.1 ${governed.statusCode} Error`, ...headers, '', body].join('\r\n'))
}

/** Answers an `expect` other than `100-continue`, which Node itself would refuse without a body. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const governed = new GovernedError('expectation_failed')
  const body = JSON.stringify(governed.toBody())
  response.writeHead(governed.statusCode, { ...bodyHeaders(body), connection: 'close' })
  response.end(body)
}

function bodyHeaders(body: string) {
  return { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }
}

function governedErrorOf(error: FastifyError): GovernedError {
  if (error instanceof GovernedError) return error
  const [fault] = hasZodFastifySchemaValidationErrors(error) ? error.validation : []
  if (fault !== undefined) return validationError(fault)
  const code = foreignCodes[error.code]
  if (code !== undefined) return new GovernedError(code, { cause: error })
  const callersFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  return new GovernedError(callersFault ? 'invalid_request' : 'internal_error', { cause: error })
}

/** Names the field, and never the value that it had. */
function validationError({ keyword, instancePath, params, message }: FastifySchemaValidationError): GovernedError {
  const path = instancePath.split('/').filter(segment => segment !== '')
  if (keyword === 'unrecognized_keys') {
    const param = [...path, ...[params.keys].flat().slice(0, 1)].join('.')
    return new GovernedError('invalid_value', { param, message: 'There is no such field.' })
  }
  const missing = keyword === 'invalid_type' && message?.endsWith('received undefined')
  return new GovernedError(missing ? 'missing_field' : 'invalid_value', { param: path.join('.') || null })
}

/** Every error a client can be sent, declared once: its status, OpenAI error type and message. */
const declared = {
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    message: 'Missing or invalid API key. Send it as "Authorization: Bearer <key>".',
  },
  too_many_failed_attempts: {
    status: 429,
    type: 'rate_limit_error',
    message: 'Too many failed attempts with this key id. Try again later.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    message: 'Rate limit exceeded for this key. Try again after the time in "retry-after".',
  },
  policy_refused: { status: 403, type: 'policy_violation', message: 'Refused by policy.' },
  missing_scope: {
    status: 403,
    type: 'permission_error',
    message: 'This key may not do that. Make one with the scope: npm run key -- <email> --scope <scope>',
  },
  decision_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'There is no decision with this id among those of your organisation.',
  },
  not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'Unknown path. See /docs for the operations that this proxy governs.',
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    message: 'No configured provider serves this model. Name one as "provider/model", or see GET /v1/models.',
  },
  invalid_json: { status: 400, type: 'invalid_request_error', message: 'The body is not valid JSON.' },
  invalid_encoding: { status: 400, type: 'invalid_request_error', message: 'The body is not valid UTF-8.' },
  invalid_number: {
    status: 400,
    type: 'invalid_request_error',
    message: 'A number is outside the range that can be represented.',
  },
  invalid_multipart: {
    status: 400,
    type: 'invalid_request_error',
    message: 'The body is not valid multipart/form-data.',
  },
  invalid_request: { status: 400, type: 'invalid_request_error', message: 'The request is malformed.' },
  invalid_value: {
    status: 400,
    type: 'invalid_request_error',
    message: 'A field has the wrong type or an unusable value.',
  },
  duplicate_key: { status: 400, type: 'invalid_request_error', message: 'A field is given more than once.' },
  missing_field: { status: 400, type: 'invalid_request_error', message: 'A required field is missing.' },
  content_field: {
    status: 400,
    type: 'invalid_request_error',
    message: 'This endpoint takes metadata only; a field that holds content is refused.',
  },
  nested_too_deep: { status: 400, type: 'invalid_request_error', message: 'The body is nested too deeply.' },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    message: 'The body is larger than this proxy accepts.',
  },
  headers_too_large: {
    status: 431,
    type: 'invalid_request_error',
    message: 'The request headers are larger than this proxy accepts.',
  },
  uri_too_long: { status: 414, type: 'invalid_request_error', message: 'The path is longer than this proxy accepts.' },
  request_timeout: { status: 408, type: 'invalid_request_error', message: 'The request took too long to arrive.' },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    message: 'This operation does not take this content type.',
  },
  unsupported_encoding: {
    status: 415,
    type: 'invalid_request_error',
    message: 'Compressed request bodies are not accepted.',
  },
  expectation_failed: {
    status: 417,
    type: 'invalid_request_error',
    message: 'The expectation in "expect" cannot be met.',
  },
  internal_error: { status: 500, type: 'api_error', message: 'The proxy could not complete the request.' },
  upstream_failed: {
    status: 502,
    type: 'api_error',
    message: 'The provider could not be reached or sent an invalid answer.',
  },
  no_provider: { status: 503, type: 'api_error', message: 'No provider is configured.' },
  audit_unavailable: { status: 503, type: 'api_error', message: 'The call cannot be recorded, so it was not made.' },
  storage_unavailable: {
    status: 503,
    type: 'api_error',
    message: 'Keys and policies cannot be read, so the call was not made.',
  },
  limiter_unavailable: {
    status: 503,
    type: 'api_error',
    message: 'The rate limiter cannot be reached, so the call was not made.',
  },
  shutting_down: { status: 503, type: 'api_error', message: 'The proxy is shutting down.' },
  upstream_timeout: { status: 504, type: 'api_error', message: 'The provider did not answer in time.' },
} as const

export type ErrorCode = keyof typeof declared

export function statusOf(code: ErrorCode): number {
  return declared[code].status
}

type Details = {
  /** Path of the field at fault, as `messages[0].content`. Never its value. */
  param?: string | null
  /** Replaces the declared message. Built from our own words only, never from the caller's. */
  message?: string
  /** Overrides the declared code in the body: a policy's reason id. */
  reason?: string
  headers?: Record<string, string>
  /** Further members of the error body. */
  extra?: Record<string, unknown>
  cause?: unknown
}

/** An error whose message is ours and may be shown. Anything else that is thrown is an `internal_error`. */
export class GovernedError extends Error {
  override readonly name = 'GovernedError'
  readonly code: ErrorCode
  readonly statusCode: number
  readonly details: Details

  constructor(code: ErrorCode, details: Details = {}) {
    super(details.message ?? declared[code].message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.statusCode = declared[code].status
    this.details = details
  }

  /** OpenAI's error body. Source: the "Error codes" guide of the OpenAI API reference. */
  toBody() {
    const { param = null, reason = this.code, extra } = this.details
    return { error: { message: this.message, type: declared[this.code].type, param, code: reason, ...extra } }
  }
}

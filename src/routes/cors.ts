import type { FastifyCorsOptions } from '@fastify/cors'
import { answerHeaderNames } from '../call/headers.ts'
import { operations } from '../operations.ts'

const ownHeaders = [
  'x-request-id',
  'x-governance-decision-id',
  'x-governance-reasons',
  'x-governance-policy-version',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
]

/** What scripts of other origins may do: call every operation, and read every header of an answer. */
export function crossOrigin(origins: readonly string[]): FastifyCorsOptions {
  return {
    origin: [...origins],
    // By default those of forms alone, which leaves out what deletes.
    methods: [...new Set(operations.map(({ method }) => method))],
    // SDKs read there how long to wait, and which id to name in a report.
    exposedHeaders: [...ownHeaders, ...answerHeaderNames],
  }
}

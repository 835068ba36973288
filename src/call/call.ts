import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import type { Decision } from '../contracts/decision.ts'
import type { Facts, Source } from '../contracts/facts.ts'
import type { Principal } from '../contracts/principal.ts'
import type { Outcome } from '../contracts/record.ts'
import type { ErrorCode } from '../errors.ts'
import type { AnswerReader } from '../inspection/answer.ts'
import type { Policy } from '../policy/compile.ts'
import type { Usage } from '../usage/reader.ts'

/** What inspection learned: the facts to judge, and the call as it will be sent if it is allowed. */
export type Inspected = {
  facts: Facts
  provider: ConfiguredProvider | null
  outgoing: Outgoing | null
}

/** A body that was judged and will be sent as it is. Null bodies are piped or absent. */
export type Outgoing = {
  body: Buffer | string
  contentType: string
  /** Usage was asked for on the client's behalf, and must not be shown. */
  hideUsage: boolean
}

/** How the call was answered. Null until known; `failure` is the code of the error that ended the call. */
export type Answer = {
  outcome: Outcome | null
  failure: ErrorCode | null
  /** For a connection that was handed over to a WebSocket, which has no response to read it from. */
  status: number | null
  usage: Usage | null
  /** When the call went out, and when its answer began, in milliseconds of the monotonic clock. */
  sentAt: number | null
  beganAt: number | null
  /** Holds the answer's text, to be looked into once it is over. */
  text: AnswerReader | null
}

/**
 * What carries a call to its provider. An object, and no function: V8 places a function that is written into a property
 * among old objects, and whatever it refers to then outlives every collection of young ones: a quarter of what a call
 * allocates, when this was measured.
 */
export type Carrier = { release(): void }

/** One governed call. Each stage writes the field that bears its product, and reads those above it. */
export type Call = {
  /** Decision id, UUID version 7. */
  readonly id: string
  readonly source: Source
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly arrivedAt: Date
  /** Milliseconds of the monotonic clock. */
  readonly startedAt: number
  operation: string
  /** By authenticate. */
  principal: Principal | null
  /** By limit. */
  policy: Policy | null
  /** By meter: US dollars that the customer has spent in this month, null where no rule asks or nobody knows. */
  monthCost: number | null
  /** By inspect. */
  inspected: Inspected | null
  /** By decide. */
  decision: Decision | null
  /** By record: what the audit log was told. `missed` where it could not be told. */
  entry: 'none' | 'opened' | 'whole' | 'missed'
  /** By forward. */
  answer: Answer
  /** By forward. Ends what it holds once the connection is over. */
  carrier: Carrier | null
}

declare module 'fastify' {
  interface FastifyRequest {
    call: Call | null
  }
}

export function openCall(request: FastifyRequest, reply: FastifyReply, source: Source, operation: string): Call {
  const arrivedAt = new Date()
  return {
    id: decisionId(request.id, arrivedAt),
    source,
    request,
    reply,
    arrivedAt,
    startedAt: performance.now(),
    operation,
    principal: null,
    policy: null,
    monthCost: null,
    inspected: null,
    decision: null,
    entry: 'none',
    answer: { outcome: null, failure: null, status: null, usage: null, sentAt: null, beganAt: null, text: null },
    carrier: null,
  }
}

/**
 * A UUID version 7 (RFC 9562): the time, and the random bits of the request's own id. Sorts by time, which keeps the
 * index of the audit log compact, and spares the call a second draw of random numbers.
 */
function decisionId(requestId: string, at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${requestId.slice(15)}`
}

/** What an earlier stage wrote. Throws if the stages run out of order, so that no call slips past one. */
export function written<T>(value: T | null): T {
  if (value === null) throw new Error('A stage ran before the one that it depends on')
  return value
}

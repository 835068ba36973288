import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Journal } from '../audit/journal.ts'
import { SpoolError } from '../audit/spool/spool.ts'
import { GovernedError } from '../errors.ts'
import type { Cost } from '../usage/cost.ts'
import { type Call, written } from './call.ts'
import { decisionRecord, outcomeRecord } from './recorded.ts'
import type { Stage } from './stage.ts'

type Parts = { journal: Journal; price: Cost }

/** Takes the decision on record before the call goes out. A call that has to be recorded and cannot be is not made. */
export function createRecord({ journal }: Pick<Parts, 'journal'>): Stage {
  return function record(call) {
    written(call.decision)
    call.entry = 'opened'
    return recorded(call, journal, () => journal.open(decisionRecord(call)))
  }
}

type Done = (error: Error | null, payload?: unknown) => void

/**
 * Takes on record what we answer ourselves, refusals above all, before the answer is sent: with it the call is over.
 * An answer that cannot be recorded gives way to 503. Calls that went out are recorded already.
 */
export function createRecordAnswer({ journal, price }: Parts) {
  return function recordAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
    const { call } = request
    if (call === null || call.principal === null || call.entry !== 'none') return void done(null, payload)
    const status = reply.statusCode
    // An error that is thrown here would be answered by the framework, in its own words.
    const refuse = (cause: unknown) => {
      const refusal = cause instanceof GovernedError ? cause : new GovernedError('internal_error', { cause })
      reply.code(refusal.statusCode).type('application/json; charset=utf-8').removeHeader('content-length')
      done(null, JSON.stringify(refusal.toBody()))
    }
    call.entry = 'whole'
    try {
      const enter = () => journal.enter(decisionRecord(call), outcomeRecord(call, { status, response: null, price }))
      const waiting = recorded(call, journal, enter)
      if (waiting === undefined) done(null, payload)
      else waiting.then(() => done(null, payload), refuse)
    } catch (error) {
      refuse(error)
    }
  }
}

/** Takes a call on record whose client left before it was answered: there is nobody to be refused. */
export function recordAbandoned(call: Call, { journal, price }: Parts): void {
  call.entry = 'whole'
  const missed = () => journal.miss(call.id)
  try {
    journal.enter(decisionRecord(call), outcomeRecord(call, { status: null, response: null, price })).catch(missed)
  } catch {
    missed()
  }
}

/** What policy says of a call that could not be recorded: it is not made, or it goes on and is counted as missed. */
function recorded(call: Call, journal: Journal, take: () => Promise<void>): void | Promise<void> {
  const failed = (cause: unknown) => {
    // What was written and could not be flushed has a record for now, which is told how the call ended.
    if (!(cause instanceof SpoolError) || !cause.written) call.entry = 'missed'
    if (call.policy?.documents.audit.mode !== 'best_effort') throw new GovernedError('audit_unavailable', { cause })
    journal.miss(call.id)
  }
  try {
    return take().catch(failed)
  } catch (error) {
    return failed(error)
  }
}

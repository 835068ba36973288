import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { type Call, written } from './call.ts'
import { createTurn } from './turn.ts'

/** One step of the governed call. Returns a promise only when it has to wait; throws to end the call. */
export type Stage = (call: Call) => void | Promise<void>

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void

/**
 * A stage as a Fastify hook. What is at hand costs no promise. A call whose client left while a stage waited is settled
 * by then: it goes no further, so that nothing is sent or counted that no record would tell of.
 */
export function hookOf(stage: Stage): Hook {
  return function hook(request, _reply, done) {
    const call = written(request.call)
    goOn(call, attempt(stage, call), done)
  }
}

/** The same, for a stage that calls pass together that came in one turn. */
export function hookOfTurn(stage: Stage): Hook {
  const turn = createTurn<{ call: Call; done: HookHandlerDoneFunction }>(function passTogether(calls) {
    const results = calls.map(({ call }) => attempt(stage, call))
    for (const [index, { call, done }] of calls.entries()) goOn(call, results[index], done)
  })
  return function hook(request, _reply, done) {
    turn.add({ call: written(request.call), done })
  }
}

type Result = Error | Promise<void> | undefined

function attempt(stage: Stage, call: Call): Result {
  if (hasLeft(call)) return undefined
  try {
    return stage(call) ?? undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('A stage threw something that is not an error')
  }
}

function goOn(call: Call, result: Result, done: HookHandlerDoneFunction): void {
  if (result instanceof Promise) result.then(() => goOn(call, undefined, done), done)
  else if (result !== undefined) done(result)
  else if (hasLeft(call)) call.reply.hijack()
  else done()
}

/** Whether the client is gone. True before the call is settled, and ever after. */
function hasLeft({ reply }: Call): boolean {
  return reply.raw.destroyed
}

/** Continues with a value now if it is at hand, and later if it is not. */
export function after<T>(value: T | Promise<T>, next: (value: T) => void | Promise<void>): void | Promise<void> {
  return value instanceof Promise ? value.then(next) : next(value)
}

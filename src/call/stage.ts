import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { type Call, written } from './call.ts'

/** One step of the governed call. Returns a promise only when it has to wait; throws to end the call. */
export type Stage = (call: Call) => void | Promise<void>

/**
 * A stage as a Fastify hook. What is at hand costs no promise. A call whose client left while a stage waited is settled
 * by then: it goes no further, so that nothing is sent or counted that no record would tell of.
 */
export function hookOf(stage: Stage) {
  return function hook(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
    const call = written(request.call)
    const goOn = () => {
      if (hasLeft(call)) reply.hijack()
      else done()
    }
    if (hasLeft(call)) return void reply.hijack()
    try {
      const waiting = stage(call)
      if (waiting === undefined) done()
      else waiting.then(goOn, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error('A stage threw something that is not an error'))
    }
  }
}

/** Whether the client is gone. True before the call is settled, and ever after. */
export function hasLeft({ reply }: Call): boolean {
  return reply.raw.destroyed
}

/** Continues with a value now if it is at hand, and later if it is not. */
export function after<T>(value: T | Promise<T>, next: (value: T) => void | Promise<void>): void | Promise<void> {
  return value instanceof Promise ? value.then(next) : next(value)
}

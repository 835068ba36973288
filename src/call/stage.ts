import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { type Call, written } from './call.ts'

/** One step of the governed call. Returns a promise only when it has to wait; throws to end the call. */
export type Stage = (call: Call) => void | Promise<void>

/** A stage as a Fastify hook. What is at hand costs no promise. */
export function hookOf(stage: Stage) {
  return function hook(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
    try {
      const waiting = stage(written(request.call))
      if (waiting === undefined) done()
      else waiting.then(() => done(), done)
    } catch (error) {
      done(error instanceof Error ? error : new Error('A stage threw something that is not an error'))
    }
  }
}

/** Continues with a value now if it is at hand, and later if it is not. */
export function after<T>(value: T | Promise<T>, next: (value: T) => void | Promise<void>): void | Promise<void> {
  return value instanceof Promise ? value.then(next) : next(value)
}

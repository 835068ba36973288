import { Worker } from 'node:worker_threads'
import type { Log } from '../../contracts/log.ts'
import type { CourierTask, FromCourier, ToCourier } from './messages.ts'

type Settings = Omit<CourierTask, 'bell' | 'caughtUpAt'> & {
  onFreed: (bytes: number) => void
  /** The directory of an instance that is gone is not used any more. */
  onLeft: (directory: string) => void
  stopTimeoutMs?: number
  log: Log
}

const restartMs = 1000

export type CourierThread = ReturnType<typeof startCourier>

/**
 * Runs the courier in a thread of its own, so that neither hashing nor the database holds up a call, and starts another
 * should it end.
 */
export function startCourier({ onFreed, onLeft, stopTimeoutMs = 10_000, log, ...task }: Settings) {
  const leftOver = new Set(task.leftOver)
  const bell = new Int32Array(new SharedArrayBuffer(4))
  const caughtUpAt = new Float64Array(new SharedArrayBuffer(8))
  let stopping = false
  let worker: Worker | null = start()

  function start(): Worker {
    const workerData: CourierTask = { ...task, leftOver: [...leftOver], bell, caughtUpAt }
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData, name: 'audit courier' })
    thread.on('message', (message: FromCourier) => {
      if (message.kind === 'log') log[message.level](message.fields, message.text)
      else if (message.kind === 'freed') onFreed(message.bytes)
      else if (leftOver.delete(message.directory)) onLeft(message.directory)
    })
    thread.on('error', error => log.error({ err: error }, 'The audit courier failed, and is started again'))
    thread.once('exit', () => {
      worker = null
      if (stopping) return
      setTimeout(() => {
        if (!stopping) worker = start()
      }, restartMs).unref()
    })
    thread.unref()
    return thread
  }

  const tell = (message: ToCourier) => worker?.postMessage(message)

  return {
    /** To be called after each line. Costs nothing while the courier is at work. */
    ring(): void {
      if (Atomics.exchange(bell, 0, 0) === 1) tell('ring')
    },

    /** When everything that was written by then had been stored: milliseconds since 1970. */
    get caughtUpAt() {
      return caughtUpAt[0] ?? 0
    },

    /** Has the rest stored and signed. What cannot be in time is left in the spool for the next start. */
    async stop(): Promise<void> {
      stopping = true
      const thread = worker
      if (thread === null) return
      const ended = new Promise<boolean>(resolve => thread.once('exit', () => resolve(true)))
      tell('stop')
      thread.ref()
      const { promise: expired, resolve: expire } = Promise.withResolvers<false>()
      const limit = setTimeout(() => expire(false), stopTimeoutMs)
      if (!(await Promise.race([ended, expired]))) {
        log.warn({}, 'Records are left in the audit spool for the next start')
        await thread.terminate()
      }
      clearTimeout(limit)
    },
  }
}

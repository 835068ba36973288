import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import type { CheckpointPlace } from '../../contracts/audit.ts'
import type { Log } from '../../contracts/log.ts'
import { appendWhole } from '../ledger/append-whole.ts'

/** Later checkpoints cover what earlier ones did: of those that wait, the oldest may go. */
const maxWaiting = 100
const retryMs = { first: 1000, longest: 60_000 }
const timeoutMs = 10_000
/** How long the end of a proxy waits for what is under way. */
const closeTimeoutMs = 3000

/** Sends checkpoints to places outside, each at its own pace, and tries again where one cannot be reached. */
export function createPublisher(
  places: readonly CheckpointPlace[],
  { log, toLog }: { log: Log; toLog: (note: string) => void },
) {
  const senders = places.map(place => createSender(place, toLog, log))
  return {
    publish(note: string): void {
      for (const { send } of senders) send(note)
    },
    /** Waits a little for what is on its way. Returns whether all of it arrived. */
    async close(timeoutMs = closeTimeoutMs): Promise<boolean> {
      const ended = new AbortController()
      const expired = sleep(timeoutMs, false, { signal: ended.signal }).catch(() => false)
      const sent = Promise.all(senders.map(({ idle }) => idle())).then(() => true)
      const isSent = await Promise.race([sent, expired])
      ended.abort()
      return isSent
    },
  }
}

function createSender(place: CheckpointPlace, toLog: (note: string) => void, log: Log) {
  const waiting: string[] = []
  let working: Promise<void> | null = null

  async function work(): Promise<void> {
    for (let delay = retryMs.first; waiting.length > 0; ) {
      const note = waiting[0] as string
      try {
        await deliver(place, note, toLog)
        if (waiting[0] === note) waiting.shift()
        delay = retryMs.first
      } catch {
        if (delay === retryMs.first) log.warn({ place: place.kind }, 'A checkpoint could not be sent, trying again')
        await sleep(delay, undefined, { ref: false })
        delay = Math.min(delay * 2, retryMs.longest)
      }
    }
    // Here and not once the promise is settled: what is sent until then would wait for the next.
    working = null
  }

  return {
    send(note: string): void {
      waiting.push(note)
      if (waiting.length > maxWaiting) waiting.shift()
      working ??= work()
    },
    idle: () => working ?? Promise.resolve(),
  }
}

async function deliver(place: CheckpointPlace, note: string, toLog: (note: string) => void): Promise<void> {
  if (place.kind === 'log') return toLog(note)
  if (place.kind === 'file') return appendWhole(place.path, `${note}\n`)
  const { statusCode, body } = await request(place.url, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(place.authorization !== null && { authorization: place.authorization }),
    },
    body: note,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  await body.dump()
  if (statusCode >= 300) throw new Error('The place did not take the checkpoint')
}

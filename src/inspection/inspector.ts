import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'
import { type Content, type Gathered, lengthAtSeams } from './content.ts'
import { examine } from './examine.ts'

export type Inspector = Part & {
  /** At once where the texts are short; longer ones are looked into beside the main thread. Rejects if that fails. */
  inspect(gathered: Gathered, custom?: readonly CustomDetector[]): Content | Promise<Content>
}

/**
 * Texts longer than this, in characters, go to another thread: some 1.5 ms of looking, which is what other calls
 * then wait at most. Handing a text over costs about 0.1 ms (see docs/INSPECTION.md).
 */
const longText = 16_384

/** Far more than the longest text that is accepted takes, waiting for a thread included. */
const longestMs = 60_000

const noDetectors: readonly CustomDetector[] = []

/** Looks into calls' texts: short ones in place, long ones in a pool of threads that starts when it is first needed. */
export function createInspector({ log, longFrom = longText }: { log: Log; longFrom?: number }): Inspector {
  let pool: Piscina | null = null
  return {
    name: 'inspector',
    async start() {},
    async stop() {
      await pool?.destroy()
      pool = null
    },
    inspect(gathered, custom = noDetectors) {
      if (lengthOf(gathered) <= longFrom) return examine(gathered, custom)
      pool ??= createPool(log)
      return pool.run({ gathered, custom }, { signal: AbortSignal.timeout(longestMs) })
    },
  }
}

function createPool(log: Log): Piscina {
  const pool = new Piscina({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism() - 1),
    idleTimeout: 60_000,
  })
  // A thread that cannot start rejects no task: its tasks end by their time limit.
  pool.on('error', error => log.error({ err: error }, 'A thread for long texts failed'))
  return pool
}

function lengthOf({ texts, groups }: Gathered): number {
  let length = 0
  for (const parts of groups) for (const part of parts) length += lengthAtSeams(part)
  for (const speaker in texts) for (const text of texts[speaker as keyof typeof texts]) length += text.length
  return length
}

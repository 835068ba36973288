import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { Part } from '../contracts/part.ts'
import type { Content, Gathered } from './content.ts'
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

const noDetectors: readonly CustomDetector[] = []

/** Looks into calls' texts: short ones in place, long ones in a pool of threads that starts when it is first needed. */
export function createInspector({ longFrom = longText }: { longFrom?: number } = {}): Inspector {
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
      pool ??= new Piscina({
        filename: new URL('./worker.ts', import.meta.url).href,
        minThreads: 0,
        maxThreads: Math.max(1, availableParallelism() - 1),
        idleTimeout: 60_000,
      })
      return pool.run({ gathered, custom })
    },
  }
}

function lengthOf({ texts }: Gathered): number {
  let length = 0
  for (const speaker in texts) for (const text of texts[speaker as keyof typeof texts]) length += text.length
  return length
}

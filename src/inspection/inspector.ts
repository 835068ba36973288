import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { CustomDetector } from '../contracts/custom-detector.ts'
import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'
import { type Content, type Gathered, lengthAtSeams } from './content.ts'
import { contentOf, examine, excerptsOf, lookInto, type Result, type Task } from './examine.ts'
import { createKnownPassages } from './known-passages.ts'

/** Whose call it is: a key, and the detectors that its customer has beside ours. */
export type Owner = { keyId: string; custom: readonly CustomDetector[] }

/**
 * In an answer nobody looks for orders to the model; in a long one they are, for when it comes back with the next call.
 */
export type Origin = 'call' | 'answer'

export type Inspector = Part & {
  /** At once where little is new; more is looked into beside the main thread. Rejects if that fails. */
  inspect(gathered: Gathered, owner: Owner, from?: Origin): Content | Promise<Content>
}

/**
 * Texts longer than this, in characters, go to another thread: some 1.5 ms of looking, which is what other calls
 * then wait at most. Handing a text over costs about 0.1 ms (see docs/INSPECTION.md).
 */
const longText = 16_384

/** Far more than the longest text that is accepted takes, waiting for a thread included. */
const longestMs = 60_000

/**
 * Of calls with less text than this, in characters, only what developers say is worth remembering: the rest is new
 * mostly.
 */
const shortCall = 2048

type Settings = { log: Log; longFrom?: number; knownPassages?: number }

/**
 * Looks into what is new in calls' texts: into short ones in place, into long ones in a pool of threads that starts
 * when it is first needed.
 */
export function createInspector({ log, longFrom = longText, knownPassages = 0 }: Settings): Inspector {
  const known = createKnownPassages(knownPassages)
  let pool: Piscina | null = null

  function run(task: Task): Result | Promise<Result> {
    const texts = task.excerpts.map(({ text }) => text)
    if (lengthOf(texts, task.groups) <= longFrom) return lookInto(task)
    pool ??= createPool(log)
    return pool.run(task, { signal: AbortSignal.timeout(longestMs) })
  }

  return {
    name: 'inspector',
    async start() {},
    async stop() {
      await pool?.destroy()
      pool = null
    },
    inspect(gathered, { keyId, custom }, from = 'call') {
      const { passages, groups } = gathered
      const isShort = lengthOf(passages, groups) < shortCall
      if (isShort && from === 'answer') return examine(withoutOrders(gathered), custom)
      const { unknown, complete } = known.recall(excerptsOf(gathered), keyId, custom, isShort ? 'developer' : null)
      const result = run({ excerpts: unknown, groups, custom })
      const finish = ({ findings, across }: Result) => contentOf(gathered, complete(findings), across)
      return result instanceof Promise ? result.then(finish) : finish(result)
    },
  }
}

/** As if the developer had said it all, who may give orders. */
function withoutOrders(gathered: Gathered): Gathered {
  return {
    ...gathered,
    passages: gathered.passages.map(({ texts, length }) => ({ speaker: 'developer', texts, length })),
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

function lengthOf(texts: readonly { length: number }[], groups: Gathered['groups']): number {
  let length = 0
  for (const parts of groups) for (const part of parts) length += lengthAtSeams(part)
  for (const text of texts) length += text.length
  return length
}

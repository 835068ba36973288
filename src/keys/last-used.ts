import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'

type Settings = {
  touch: (uses: ReadonlyMap<string, Date>) => Promise<void>
  intervalMs?: number
  /** Keys noted between two writes; what comes past that is noted the next time. */
  maxKeys?: number
  log: Log
}

/** Notes when each key was last used, and writes that once in a while: a statement a minute, not one a call. */
export function createLastUsed(settings: Settings): Part & { note(keyId: string): void } {
  const { touch, intervalMs = 60_000, maxKeys = 50_000, log } = settings
  let uses = new Map<string, Date>()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> | null = null

  async function write(): Promise<void> {
    if (uses.size === 0) return
    const batch = uses
    uses = new Map()
    try {
      await touch(batch)
    } catch (error) {
      log.warn({ err: error, keys: batch.size }, 'The last use of keys could not be written')
    }
  }

  /** Never twice at once: a slow database is not asked for more. */
  function writeNext(): void {
    writing ??= write().finally(() => {
      writing = null
    })
  }

  return {
    name: 'last used',
    note(keyId) {
      if (!uses.has(keyId) && uses.size < maxKeys) uses.set(keyId, new Date())
    },
    async start() {
      timer = setInterval(writeNext, intervalMs).unref()
    },
    async stop() {
      if (timer !== null) clearInterval(timer)
      await writing
      await write()
    },
  }
}

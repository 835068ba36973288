import type { ServerResponse } from 'node:http'

/**
 * Breaks the connection of a client that reads nothing for so many milliseconds, from the moment that its answer is
 * held back: it would keep a connection to the provider from all others. `end` is for when the answer is over.
 */
export function createPauseLimit(response: ServerResponse, limitMs: number) {
  let timer: NodeJS.Timeout | null = null
  const end = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  response.on('drain', end)
  return {
    pause(): void {
      timer ??= setTimeout(() => response.destroy(), limitMs).unref()
    },
    end,
  }
}

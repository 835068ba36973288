import type { ServerResponse } from 'node:http'

/**
 * Breaks the connection of a client that reads nothing for so many milliseconds, from the moment that its answer is held
 * back: it would keep a connection to the provider from all others.
 */
export function limitPause(response: ServerResponse, limitMs: number): void {
  const timer = setTimeout(() => response.destroy(), limitMs).unref()
  const goOn = () => {
    clearTimeout(timer)
    response.off('drain', goOn)
    response.off('close', goOn)
  }
  response.once('drain', goOn)
  response.once('close', goOn)
}

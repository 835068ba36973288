type Settings = {
  concurrency: number
  /** Tasks that may wait for a place. */
  waiting: number
  /** What a task is refused with when the line is full. */
  onFull: () => Error
}

/** Runs at most `concurrency` tasks at once, in the order in which they came. */
export function createGate({ concurrency, waiting, onFull }: Settings) {
  let running = 0
  const line: (() => void)[] = []

  return {
    async run<T>(task: () => T | Promise<T>): Promise<T> {
      if (running >= concurrency) {
        if (line.length >= waiting) throw onFull()
        await new Promise<void>(resolve => line.push(resolve))
      } else {
        running++
      }
      try {
        return await task()
      } finally {
        // Whoever is next takes over the place, so that nobody slips in between.
        const next = line.shift()
        if (next === undefined) running--
        else next()
      }
    },
  }
}

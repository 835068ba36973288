/** What `growth` may be at most for time in proportion: a quadratic scan has 4 at the first step, caches and collections 2. */
export const inProportion = 3

const smallest = 16_384
const step = 4
const attempts = 5
/** Shorter times, in milliseconds, tell nothing. */
const shortestMs = 0.2

function timeOf(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

/**
 * How many times as long `run` takes as `base`, which runs just before it so that both meet the same load. Tries again,
 * and gives the least, while it is not below `enough`.
 */
export function timesAsLong(run: () => unknown, base: () => unknown, enough: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < attempts && least >= enough; attempt++) {
    const baseMs = Math.max(shortestMs, Math.min(...[1, 2, 3].map(() => timeOf(base))))
    least = Math.min(least, timeOf(run) / baseMs)
  }
  return least
}

/**
 * By how much the time of `run` grows faster than the size it is given: 1 for time in proportion, whatever the machine and
 * its load. Sizes grow step by step up to `largest`, so that what is out of proportion is found before it takes minutes.
 */
export function growth(run: (size: number) => unknown, largest = 1_048_576, from = smallest): number {
  run(from)
  let worst = 0
  for (let times = step; from * times <= largest && worst < inProportion; times *= step) {
    const longer = timesAsLong(
      () => run(from * times),
      () => run(from),
      inProportion * times,
    )
    worst = Math.max(worst, longer / times)
  }
  return worst
}

/** `unit` again and again, in `size` characters or a little more. */
export const repeated = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length))

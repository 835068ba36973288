/**
 * What `growth` may be at most for time in proportion: a quadratic scan has 16 at the second step, caches and
 * collections 2, and on a busy machine 3.
 */
export const inProportion = 6

const smallest = 16_384
const step = 4
const attempts = 8
/** Shorter times, in milliseconds, tell nothing: those of memory that is asked for, and of a unit's share in it. */
const shortestMs = 0.2
const shortestMsOfUnit = 20e-6

function timeOf(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

/**
 * How many times as long `run` takes as `base`, each at its best of a few turns, one after the other so that both meet
 * the same load. Tries again while it is not below `enough`.
 */
export function timesAsLong(run: () => unknown, base: () => unknown, enough: number, leastMs = shortestMs): number {
  let baseMs = Number.POSITIVE_INFINITY
  let runMs = Number.POSITIVE_INFINITY
  let times = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < attempts && times >= enough; attempt++) {
    baseMs = Math.min(baseMs, timeOf(base))
    runMs = Math.min(runMs, timeOf(run))
    times = runMs / Math.max(baseMs, leastMs)
  }
  return times
}

/**
 * By how much the time of `run` grows faster than the size it is given: 1 for time in proportion, whatever the machine
 * and its load, as one large size is measured against as much of a small one: what takes as long is interrupted as
 * often. Sizes grow step by step up to `largest`, so that what is out of proportion is found before it takes minutes.
 */
export function growth(run: (size: number) => unknown, largest = 1_048_576, from = smallest): number {
  run(from)
  let worst = 0
  for (let times = step; from * times <= largest && worst < inProportion; times *= step) {
    const inParts = () => {
      for (let part = 0; part < times; part++) run(from)
    }
    const leastMs = Math.max(shortestMs, from * times * shortestMsOfUnit)
    worst = Math.max(
      worst,
      timesAsLong(() => run(from * times), inParts, inProportion, leastMs),
    )
  }
  return worst
}

/** `unit` again and again, in `size` characters or a little more. */
export const repeated = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length))

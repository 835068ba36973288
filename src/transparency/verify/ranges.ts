/** Leaves `first` to `end - 1`. */
export type Range = { first: number; end: number }

/** Ranges of leaves, in order and apart from each other. */
export type Ranges = {
  /** Adds leaves, which may be there already. Cheapest at the end. */
  add(first: number, end: number): void
  [Symbol.iterator](): Iterator<Range>
}

/** Sixteen bytes a range, whatever its length. */
export function createRanges(): Ranges {
  const firsts: number[] = []
  const ends: number[] = []

  /** Number of ranges that end before `index`. */
  function before(index: number): number {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < index) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(first, end) {
      const last = ends.length - 1
      if (ends[last] === first) {
        ends[last] = end
        return
      }
      const at = before(first)
      let next = at
      let [from, to] = [first, end]
      while (next < firsts.length && (firsts[next] ?? 0) <= end) {
        from = Math.min(from, firsts[next] ?? first)
        to = Math.max(to, ends[next] ?? end)
        next++
      }
      firsts.splice(at, next - at, from)
      ends.splice(at, next - at, to)
    },
    *[Symbol.iterator]() {
      for (const [place, first] of firsts.entries()) yield { first, end: ends[place] ?? first }
    },
  }
}

/** What of some ranges the others do not have. */
export function* without(ranges: Iterable<Range>, others: Iterable<Range>): Generator<Range> {
  const holes = others[Symbol.iterator]()
  let hole = holes.next()
  for (const { first, end } of ranges) {
    let from = first
    while (from < end) {
      while (!hole.done && hole.value.end <= from) hole = holes.next()
      if (hole.done || hole.value.first >= end) {
        yield { first: from, end }
        break
      }
      if (hole.value.first > from) yield { first: from, end: hole.value.first }
      from = hole.value.end
    }
  }
}

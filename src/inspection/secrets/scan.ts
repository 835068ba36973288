import { isWordCode, type Reading } from '../detectors/detector.ts'
import type { Units } from '../units.ts'

/** Rolls a code into a place that three characters share with few others: small enough a table to stay in the cache. */
const places = 0x8000
const roll = (place: number, code: number) => ((place << 5) ^ code) & (places - 1)

/** How `prefixes`, of two characters at least, begin: a bit for each place, and the characters that may come fourth. */
const beginningsOf = (prefixes: readonly string[]) => {
  const marked = new Int32Array(places / 32)
  const fourths: (Uint8Array | undefined)[] = new Array(places).fill(undefined)
  for (const prefix of prefixes) {
    const pair = roll(prefix.charCodeAt(0), prefix.charCodeAt(1))
    const [from, to] = prefix.length > 2 ? [prefix.charCodeAt(2), prefix.charCodeAt(2)] : [0, 127]
    for (let third = from; third <= to; third++) {
      const place = roll(pair, third)
      marked[place >> 5] = (marked[place >> 5] ?? 0) | (1 << place)
      const fourth = fourths[place] ?? new Uint8Array(128)
      fourths[place] =
        prefix.length > 3 ? fourth.fill(1, prefix.charCodeAt(3), prefix.charCodeAt(3) + 1) : fourth.fill(1)
    }
  }
  return { marked, fourths }
}

const underscore = 95

/** Goes on with the word before it; what `_` joins to one may be a key: `backup_ghp_…`. */
const isJoined = (units: Units, at: number) => {
  const before = at === 0 ? 0 : (units[at - 1] ?? 0)
  return before !== underscore && isWordCode(before) && isWordCode(units[at] ?? 0)
}

/** Finds where a word or a mark begins as one of `prefixes` does. One look-up a character: under 1 ns. */
export const scannerOf = (prefixes: readonly string[]) => {
  const { marked, fourths } = beginningsOf(prefixes)
  return ({ text, units }: Reading): number[] => {
    const starts: number[] = []
    let place = 0
    for (let i = 0; i < text.length; i++) {
      place = roll(place, units[i] ?? 0)
      if ((((marked[place >> 5] ?? 0) >> place) & 1) === 0 || i < 2) continue
      if (fourths[place]?.[units[i + 1] ?? 0] !== 0 && !isJoined(units, i - 2)) starts.push(i - 2)
    }
    return starts
  }
}

import { isWordCode, type Reading } from '../detectors/detector.ts'
import type { Units } from '../units.ts'

/** Rolls a code into a place that three characters share with few others: small enough a table to stay in the cache. */
const places = 0x8000
const roll = (place: number, code: number) => ((place << 5) ^ code) & (places - 1)

const ascii = 128

/**
 * How `prefixes`, of two characters at least, begin: a bit for each place, and its row of the characters that may come
 * fourth.
 */
const beginningsOf = (prefixes: readonly string[]) => {
  const marked = new Int32Array(places / 32)
  const rowOf = new Uint16Array(places)
  const rows: Uint8Array[] = []
  for (const prefix of prefixes) {
    const pair = roll(prefix.charCodeAt(0), prefix.charCodeAt(1))
    const [from, to] = prefix.length > 2 ? [prefix.charCodeAt(2), prefix.charCodeAt(2)] : [0, ascii - 1]
    for (let third = from; third <= to; third++) {
      const place = roll(pair, third)
      if (!isMarked(marked, place)) rowOf[place] = rows.push(new Uint8Array(ascii)) - 1
      marked[place >> 5] = (marked[place >> 5] ?? 0) | (1 << place)
      const row = rows[rowOf[place] ?? 0]
      if (prefix.length > 3) row?.fill(1, prefix.charCodeAt(3), prefix.charCodeAt(3) + 1)
      else row?.fill(1)
    }
  }
  // In one piece, as each array that a place led to would be fetched from far away.
  return { marked, rowOf, fourths: Uint8Array.from(rows.flatMap(row => [...row])) }
}

const isMarked = (marked: Int32Array, place: number) => (((marked[place >> 5] ?? 0) >> place) & 1) !== 0

const underscore = 95

/** Goes on with the word before it; what `_` joins to one may be a key: `backup_ghp_…`. */
const isJoined = (units: Units, at: number) => {
  const before = at === 0 ? 0 : (units[at - 1] ?? 0)
  return before !== underscore && isWordCode(before) && isWordCode(units[at] ?? 0)
}

/** Finds where a word or a mark begins as one of `prefixes` does. One look-up a character: some 2 ns. */
export const scannerOf = (prefixes: readonly string[]) => {
  const { marked, rowOf, fourths } = beginningsOf(prefixes)
  return ({ text, units }: Reading): number[] => {
    const starts: number[] = []
    const end = text.length
    let place = roll(units[0] ?? 0, units[1] ?? 0)
    for (let i = 2; i < end; i++) {
      place = roll(place, units[i] ?? 0)
      if (!isMarked(marked, place)) continue
      const fourth = units[i + 1] ?? 0
      if ((fourth >= ascii || fourths[(rowOf[place] ?? 0) * ascii + fourth] !== 0) && !isJoined(units, i - 2))
        starts.push(i - 2)
    }
    return starts
  }
}

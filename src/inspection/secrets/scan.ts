import { isWordCode } from '../detectors/detector.ts'

/** Rolls a code into a place that three characters share with few others: small enough a table to stay in the cache. */
const roll = (place: number, code: number) => ((place << 5) ^ code) & 0x7fff

/** Marks how `prefixes`, of two characters at least, begin. */
const beginningsOf = (prefixes: readonly string[]) => {
  const beginnings = new Uint8Array(0x8000)
  for (const prefix of prefixes) {
    const pair = roll(prefix.charCodeAt(0), prefix.charCodeAt(1))
    const [from, to] = prefix.length > 2 ? [prefix.charCodeAt(2), prefix.charCodeAt(2)] : [0, 127]
    for (let third = from; third <= to; third++) beginnings[roll(pair, third)] = 1
  }
  return beginnings
}

const underscore = 95

/** Goes on with the word before it; what `_` joins to one may be a key: `backup_ghp_…`. */
const isJoined = (text: string, at: number) => {
  const before = text.charCodeAt(at - 1)
  return before !== underscore && isWordCode(before) && isWordCode(text.charCodeAt(at))
}

/** Calls `onStart` where a word or a mark begins as one of `prefixes` does. One look-up a character: under 1 ns. */
export const scannerOf = (prefixes: readonly string[]) => {
  const beginnings = beginningsOf(prefixes)
  return (text: string, onStart: (at: number) => void) => {
    let place = 0
    for (let i = 0; i < text.length; i++) {
      place = roll(place, text.charCodeAt(i))
      if (beginnings[place] === 1 && !isJoined(text, i - 2)) onStart(i - 2)
    }
  }
}

/** Calls `onSign` wherever `sign` is. */
export const forEachSign = (text: string, sign: string, onSign: (at: number) => void) => {
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) onSign(at)
}

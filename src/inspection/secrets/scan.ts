import { isWordCode } from '../detectors/detector.ts'

/** A place in a table for three characters' codes. Others may share it: it only tells where a closer look is due. */
const placeOf = (first: number, second: number, third: number) => (first * 1_109 + second * 131 + third) & 0xffff

/** Marks how `prefixes`, of two characters at least, begin. */
const beginningsOf = (prefixes: readonly string[]) => {
  const beginnings = new Uint8Array(0x10000)
  for (const prefix of prefixes) {
    const [first, second] = [prefix.charCodeAt(0), prefix.charCodeAt(1)]
    const [from, to] = prefix.length > 2 ? [prefix.charCodeAt(2), prefix.charCodeAt(2)] : [0, 127]
    for (let third = from; third <= to; third++) beginnings[placeOf(first, second, third)] = 1
  }
  return beginnings
}

/** Calls `onStart` where a word or `$` begins as one of `prefixes` does. One look-up a character: about 2 ns. */
export const scannerOf = (prefixes: readonly string[]) => {
  const beginnings = beginningsOf(prefixes)
  return (text: string, onStart: (at: number) => void) => {
    let first = text.charCodeAt(0)
    let second = text.charCodeAt(1)
    for (let i = 0; i + 2 < text.length; i++) {
      const third = text.charCodeAt(i + 2)
      if (beginnings[placeOf(first, second, third)] === 1 && !(isWordCode(first) && isWordCode(text.charCodeAt(i - 1))))
        onStart(i)
      first = second
      second = third
    }
  }
}

/** Calls `onSign` wherever `sign` is. */
export const forEachSign = (text: string, sign: string, onSign: (at: number) => void) => {
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) onSign(at)
}

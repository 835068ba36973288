import { readFileSync } from 'node:fs'
import { weightCount } from './features.ts'
import { lexiconSlots } from './lexicon.ts'
import type { Transitions } from './tagger.ts'

/**
 * What scripts/train-person-names.ts makes: hashed weights, the lexicon, and the odds from which a name is reported.
 */
export type Model = {
  weights: Int8Array
  /** Of one step of a weight. */
  scale: number
  lexicon: Uint16Array
  transitions: Transitions
  /** Log-odds from which a name counts. */
  threshold: number
}

const headerNumbers = 5
const headerBytes = headerNumbers * Float64Array.BYTES_PER_ELEMENT

/** Header, lexicon and weights, in the byte order of all machines that Node runs on. */
export const encodeModel = ({ weights, scale, lexicon, transitions, threshold }: Model) => {
  const header = Float64Array.of(scale, threshold, transitions.goOn, transitions.begin, transitions.end)
  return Buffer.concat(
    [header, lexicon, weights].map(part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
  )
}

export const decodeModel = (bytes: Uint8Array): Model => {
  const { buffer } = Uint8Array.from(bytes)
  const [scale = 0, threshold = 0, goOn = 0, begin = 0, end = 0] = new Float64Array(buffer, 0, headerNumbers)
  return {
    scale,
    threshold,
    transitions: { goOn, begin, end },
    lexicon: new Uint16Array(buffer, headerBytes, lexiconSlots),
    weights: new Int8Array(buffer, headerBytes + lexiconSlots * Uint16Array.BYTES_PER_ELEMENT, weightCount),
  }
}

export const loadModel = () => decodeModel(readFileSync(new URL('./weights.bin', import.meta.url)))

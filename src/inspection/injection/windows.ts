import { readFeatures } from './features.ts'

/** Words of half a window. Windows overlap by half, so that an order of 32 words lies whole in one. */
export const halfWindow = 32

/** Fewer words give no order: `thanks`, `ok`. */
const fewestWords = 3

/** Words below which a window counts as if it had so many: one word alone is no evidence. */
export const leastWords = 8

/**
 * The score of the strongest window of a text before the bias: the sum of its features' weights, over the root of the
 * number of its words, so that long windows do not score more. No window spans texts that were joined.
 */
export const strongestWindow = (text: string, weights: Int8Array) => {
  let strongest = Number.NEGATIVE_INFINITY
  let before = 0
  let wordsBefore = 0
  let sum = 0
  let words = 0
  const close = () => {
    const score = (before + sum) / Math.sqrt(Math.max(leastWords, wordsBefore + words))
    if (wordsBefore + words >= fewestWords && score > strongest) strongest = score
  }
  readFeatures(text, {
    word(features, count) {
      let weight = 0
      for (let k = 0; k < count; k++) weight += weights[features[k] ?? 0] ?? 0
      sum += weight
      if (++words < halfWindow) return
      close()
      before = sum
      wordsBefore = words
      sum = words = 0
    },
    border() {
      close()
      before = wordsBefore = sum = words = 0
    },
  })
  close()
  return strongest
}

import { capacity } from './tokens.ts'

/** The weight of a name that goes on, begins, or ends, from one token to the next. A chain without a name weighs 0. */
export type Transitions = { goOn: number; begin: number; end: number }

/** The score of a token that no name can hold, and the bound of all scores: e to its power stays far from overflow. */
export const impossible = -20

/** The odds of `in a name` at each token, of a segment's tokens up to it and of those after it. */
export type Odds = { forward: Float64Array; backward: Float64Array }

export const emptyColumn = () => new Float64Array(capacity)

/**
 * The forward-backward algorithm of a linear-chain conditional random field of two labels (Lafferty, McCallum and
 * Pereira 2001). With two labels it is one ratio a token each way; their product is the odds that a name holds the
 * token.
 */
export const readOdds = (
  count: number,
  scores: Float64Array,
  transitions: Transitions,
  { forward, backward }: Odds,
) => {
  const goOn = Math.exp(transitions.goOn)
  const begin = Math.exp(transitions.begin)
  const end = Math.exp(transitions.end)
  let ratio = 0
  for (let i = 0; i < count; i++) {
    const score = scores[i] ?? impossible
    ratio = score === impossible ? 0 : (Math.exp(score) * (ratio * goOn + begin)) / (ratio * end + 1)
    forward[i] = ratio
  }
  ratio = 1
  for (let i = count - 1; i >= 0; i--) {
    backward[i] = ratio
    const score = scores[i] ?? impossible
    const weight = score === impossible ? 0 : Math.exp(score) * ratio
    ratio = weight === 0 ? end : (weight * goOn + end) / (weight * begin + 1)
  }
}

import { featureCapacity, isCandidate, readFeatures, weightCount } from '../../src/inspection/person-names/features.ts'
import { anyName } from '../../src/inspection/person-names/lexicon.ts'
import type { Model } from '../../src/inspection/person-names/model.ts'
import { emptyColumn, impossible, readOdds, type Transitions } from '../../src/inspection/person-names/tagger.ts'
import { ownWordFeatures } from '../../src/inspection/person-names/templates.ts'
import { capacity, Tokens } from '../../src/inspection/person-names/tokens.ts'
import { withUnits } from '../../src/inspection/units.ts'
import type { Example } from './examples.ts'
import type { Random } from './random.ts'

/** How often a listed name is taken for an unlisted one, and a word for an unknown one. */
const forgetName = 0.2
const forgetWord = 0.2
const step = 0.1

const transitionNames = ['goOn', 'begin', 'end'] as const

/** Trains a conditional random field by AdaGrad, one segment a step. */
export const trainer = (lexicon: Uint16Array, random: Random) => {
  const tokens = new Tokens(lexicon)
  const weights = new Float32Array(weightCount)
  const squares = new Float32Array(weightCount)
  const transitions: Transitions = { goOn: 0, begin: 0, end: 0 }
  const transitionSquares: Transitions = { goOn: 1, begin: 1, end: 1 }
  const features = new Int32Array(capacity * featureCapacity)
  const into = new Int32Array(featureCapacity)
  const counts = new Int32Array(capacity)
  const scores = emptyColumn()
  const labels = new Uint8Array(capacity)
  const odds = { forward: emptyColumn(), backward: emptyColumn() }

  const readLabels = (spans: Example['spans']) => {
    for (let i = 0; i < tokens.count; i++) {
      const [start, end] = [tokens.start[i] ?? 0, tokens.end[i] ?? 0]
      labels[i] = spans.some(span => Math.min(end, span.end) - Math.max(start, span.start) > (end - start) / 2) ? 1 : 0
    }
  }

  const score = () => {
    for (let i = 0; i < tokens.count; i++)
      if (random.chance(forgetName)) tokens.classes[i] = (tokens.classes[i] ?? 0) & ~anyName
    for (let i = 0; i < tokens.count; i++) {
      counts[i] = 0
      scores[i] = impossible
      if (!isCandidate(tokens, i)) {
        labels[i] = 0
        continue
      }
      const forgotten = random.chance(forgetWord) ? ownWordFeatures : 0
      const read = readFeatures(tokens, i, into)
      features.set(into.subarray(forgotten, read), i * featureCapacity)
      counts[i] = read - forgotten
      let sum = 0
      for (let k = 0; k < read - forgotten; k++) sum += weights[features[i * featureCapacity + k] ?? 0] ?? 0
      scores[i] = Math.max(impossible + 1, Math.min(-impossible, sum))
    }
  }

  const learnFeatures = () => {
    for (let i = 0; i < tokens.count; i++) {
      if (counts[i] === 0) continue
      const ratio = (odds.forward[i] ?? 0) * (odds.backward[i] ?? 0)
      const gradient = (labels[i] ?? 0) - ratio / (1 + ratio)
      if (Math.abs(gradient) < 1e-3) continue
      for (let k = 0; k < (counts[i] ?? 0); k++) {
        const index = features[i * featureCapacity + k] ?? 0
        const square = (squares[index] ?? 0) + gradient * gradient
        squares[index] = square
        weights[index] = (weights[index] ?? 0) + (step * gradient) / Math.sqrt(square + 0.1)
      }
    }
  }

  /** Learns from the pairs of neighbours: what they are less what the model takes them for. */
  const learnTransitions = () => {
    const gradient: Transitions = { goOn: 0, begin: 0, end: 0 }
    for (let i = 0; i + 1 < tokens.count; i++) {
      const [here, next] = [labels[i], labels[i + 1]]
      if (here === 1) gradient[next === 1 ? 'goOn' : 'end']++
      else if (next === 1) gradient.begin++
      const r = odds.forward[i] ?? 0
      const q = scores[i + 1] === impossible ? 0 : Math.exp(scores[i + 1] ?? 0) * (odds.backward[i + 1] ?? 0)
      const goOn = r * q * Math.exp(transitions.goOn)
      const begin = q * Math.exp(transitions.begin)
      const end = r * Math.exp(transitions.end)
      const total = goOn + begin + end + 1
      gradient.goOn -= goOn / total
      gradient.begin -= begin / total
      gradient.end -= end / total
    }
    for (const name of transitionNames) {
      transitionSquares[name] += gradient[name] ** 2
      transitions[name] += (step * gradient[name]) / Math.sqrt(transitionSquares[name])
    }
  }

  const learn = ({ text, spans }: Example) => {
    withUnits(text, units => {
      tokens.open(text, units)
      while (tokens.read()) {
        readLabels(spans)
        score()
        readOdds(tokens.count, scores, transitions, odds)
        learnFeatures()
        learnTransitions()
      }
      tokens.close()
    })
  }

  return { learn, quantise: (threshold: number) => quantise({ weights, lexicon, transitions, threshold }) }
}

/** Steps of which the largest of a million weights but a few has 127. */
const quantise = ({ weights, ...rest }: Omit<Model, 'weights' | 'scale'> & { weights: Float32Array }): Model => {
  const sizes = weights.map(Math.abs).toSorted()
  const scale = (sizes[Math.floor(sizes.length * 0.9999)] ?? 1) / 127
  const steps = Int8Array.from(weights, weight => Math.max(-127, Math.min(127, Math.round(weight / scale))))
  return { weights: steps, scale, ...rest }
}

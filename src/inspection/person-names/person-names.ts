import type { Detector, Finding } from '../detectors/detector.ts'
import type { Units } from '../units.ts'
import { featureCapacity, isCandidate, readFeatures, standsAlone } from './features.ts'
import { loadModel, type Model } from './model.ts'
import { emptyColumn, impossible, readOdds } from './tagger.ts'
import { shape, Tokens } from './tokens.ts'

/** Log-odds by which a name is likelier where the caller says that there is one. */
const expectedBonus = 2

/** Finds names with a model: segment by segment, in columns that are filled again for each. */
export const findNamesWith = (model: Model) => {
  const tokens = new Tokens(model.lexicon)
  const features = new Int32Array(featureCapacity)
  const scores = emptyColumn()
  const odds = { forward: emptyColumn(), backward: emptyColumn() }

  const scoreOf = (i: number) => {
    let sum = 0
    const count = readFeatures(tokens, i, features)
    for (let k = 0; k < count; k++) sum += model.weights[features[k] ?? 0] ?? 0
    return Math.max(impossible + 1, Math.min(-impossible, sum * model.scale))
  }

  const tag = () => {
    let candidates = 0
    for (let i = 0; i < tokens.count; i++) {
      const candidate = isCandidate(tokens, i)
      scores[i] = candidate ? scoreOf(i) : impossible
      if (candidate) candidates++
    }
    if (candidates > 0) readOdds(tokens.count, scores, model.transitions, odds)
    return candidates > 0
  }

  /** From 0.5 on the token is within a name: the odds are moved by those of the threshold. */
  const confidenceAt = (i: number, shift: number) => {
    const ratio = (odds.forward[i] ?? 0) * (odds.backward[i] ?? 0) * shift
    return ratio / (1 + ratio)
  }

  const isWord = (i: number) => (tokens.shape[i] ?? 0) > shape.number

  /** The words from `first` on that are within a name: the last of them, and how sure they are on average. */
  const readName = (first: number, shift: number) => {
    let [last, words, sum] = [first, 0, 0]
    let alone = false
    for (let i = first; i < tokens.count; i++) {
      const confidence = confidenceAt(i, shift)
      if (confidence < 0.5) break
      if (!isWord(i)) continue
      last = i
      words++
      sum += confidence
      alone ||= standsAlone(tokens, i)
    }
    return { last, confidence: alone ? sum / words : 0 }
  }

  return function findNames(text: string, units: Units, expected: boolean): Finding[] {
    const findings: Finding[] = []
    const shift = Math.exp(expected ? expectedBonus - model.threshold : -model.threshold)
    tokens.open(text, units)
    while (tokens.read()) {
      if (!tag()) continue
      for (let i = 0; i < tokens.count; i++) {
        if (scores[i] === impossible || !isWord(i)) continue
        const { last, confidence } = readName(i, shift)
        if (confidence >= 0.5)
          findings.push({ type: 'person_name', start: tokens.start[i] ?? 0, end: tokens.end[last] ?? 0, confidence })
        i = last
      }
    }
    tokens.close()
    return findings
  }
}

const findNames = findNamesWith(loadModel())

/** Names of people, by a linear tagger: README.md says what it was trained on and how well it does. */
export const personName: Detector = {
  types: ['person_name'],
  applies: () => true,
  find: ({ text, units }, expected) => findNames(text, units, expected.has('person_name')),
}

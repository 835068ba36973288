import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { featureCount, readFeatures } from '../src/inspection/injection/features.ts'
import { halfWindow, leastWords } from '../src/inspection/injection/windows.ts'
import { syntheticTexts } from './injection-templates.ts'

/*
 * Makes src/inspection/injection/weights.bin from labelled texts, with logistic regression over the strongest window
 * of each text. The same texts give the same bytes.
 *
 *   node scripts/train-injection.ts LABELLED.jsonl [HARMLESS.jsonl]
 *
 * A row of LABELLED is {id, text, injection, set}; rows of HARMLESS need no `injection`. Rows whose id has an even
 * SHA-256 (first byte) train; the others are only for the figures that are printed at the end. The threshold and the
 * calibration come from five folds of the training rows, each scored by a model that has not seen it.
 */

type Row = { id: string; text: string; injection: boolean; set: string }
type Window = { features: Int32Array; norm: number }
type Example = { windows: Window[]; injection: boolean; weight: number; set: string }
type Model = { weights: Float64Array; bias: number }

const epochs = 25
const rate = 0.3
const decay = 2e-4
const folds = 5
/** The share of harmless texts that may be reported, of any set; under the five per cent that users were promised. */
const falseAlarms = 0.035
const syntheticWeight = 0.4

/** Mulberry32: the same numbers in every run. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

const readRows = (path: string | undefined): Row[] =>
  path === undefined
    ? []
    : readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => ({ injection: false, ...(JSON.parse(line) as Partial<Row>) }) as Row)

const digest = (id: string) => createHash('sha256').update(String(id)).digest()
const trains = ({ id }: Row) => (digest(id)[0] ?? 0) % 2 === 0

/** The windows of a text, as `strongestWindow` reads them. */
const windowsOf = (text: string): Window[] => {
  const halves: { features: number[]; words: number }[] = [{ features: [], words: 0 }]
  const half = () => halves[halves.length - 1] as { features: number[]; words: number }
  readFeatures(text.replaceAll('\0', ''), {
    word(features, count) {
      for (const feature of features.subarray(0, count)) half().features.push(feature)
      if (++half().words === halfWindow) halves.push({ features: [], words: 0 })
    },
    border() {},
  })
  if (halves.length > 1 && half().words === 0) halves.pop()
  return halves.slice(0, Math.max(1, halves.length - 1)).map((first, i) => {
    const second = halves[i + 1] ?? { features: [], words: 0 }
    const words = Math.max(leastWords, first.words + second.words)
    return { features: Int32Array.from([...first.features, ...second.features]), norm: 1 / Math.sqrt(words) }
  })
}

const exampleOf =
  (weight: number) =>
  (row: Row): Example => ({
    windows: windowsOf(row.text),
    injection: row.injection,
    weight,
    set: row.set,
  })

const scoreWindow = ({ weights }: Model, { features, norm }: Window) => {
  let sum = 0
  for (const feature of features) sum += weights[feature] ?? 0
  return sum * norm
}

const strongest = (model: Model, { windows }: Example) => {
  let best = { window: windows[0] as Window, score: Number.NEGATIVE_INFINITY }
  for (const window of windows) {
    const score = scoreWindow(model, window)
    if (score > best.score) best = { window, score }
  }
  return best
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))

/** Stochastic gradient descent with AdaGrad, on the window of each text that scores most. */
const train = (examples: readonly Example[]): Model => {
  const random = randomOf(7)
  const model: Model = { weights: new Float64Array(featureCount), bias: 0 }
  const squares = new Float64Array(featureCount).fill(1e-2)
  const order = examples.map((_, i) => i)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      ;[order[i], order[j]] = [order[j] as number, order[i] as number]
    }
    for (const i of order) {
      const example = examples[i] as Example
      const { window, score } = strongest(model, example)
      const error = (sigmoid(score + model.bias) - Number(example.injection)) * example.weight
      model.bias -= 0.02 * error
      for (const feature of window.features) {
        const gradient = error * window.norm + decay * (model.weights[feature] as number)
        squares[feature] = (squares[feature] as number) + gradient * gradient
        model.weights[feature] =
          (model.weights[feature] as number) - (rate * gradient) / Math.sqrt(squares[feature] as number)
      }
    }
  }
  return model
}

type Scored = { score: number; injection: boolean; set: string }
const scoreAll = (model: Model, examples: readonly Example[]): Scored[] =>
  examples.map(example => ({ score: strongest(model, example).score, injection: example.injection, set: example.set }))

/** Each example's score by a model that was trained without its fold. */
const crossValidated = (examples: readonly Example[], always: readonly Example[]) =>
  Array.from({ length: folds }, (_, fold) =>
    scoreAll(
      train([...examples.filter((_, i) => i % folds !== fold), ...always]),
      examples.filter((_, i) => i % folds === fold),
    ),
  ).flat()

/** Platt's calibration: the logistic curve through scores and labels. */
const calibrate = (scored: readonly Scored[]) => {
  let slope = 1
  let offset = 0
  for (let step = 0; step < 4_000; step++) {
    let [bySlope, byOffset] = [0, 0]
    for (const { score, injection } of scored) {
      const error = sigmoid(slope * score + offset) - Number(injection)
      bySlope += error * score
      byOffset += error
    }
    slope -= (0.5 * bySlope) / scored.length
    offset -= (0.5 * byOffset) / scored.length
  }
  return { slope, offset }
}

/** The least score that the allowed share of the harmless reaches, in the worst set of fifty rows or more. */
const thresholdOf = (scored: readonly Scored[]) => {
  const bySet = [
    ...Map.groupBy(
      scored.filter(({ injection }) => !injection),
      ({ set }) => set,
    ).values(),
  ]
  const thresholds = bySet
    .filter(rows => rows.length >= 50)
    .map(rows => rows.map(({ score }) => score).toSorted((a, b) => b - a)[Math.floor(rows.length * falseAlarms)] ?? 0)
  return Math.max(...thresholds)
}

const report = (title: string, scored: readonly Scored[], threshold: number) => {
  console.log(title)
  for (const [set, rows] of Map.groupBy(scored, ({ set }) => set)) {
    const share = (wanted: boolean) => {
      const of = rows.filter(({ injection }) => injection === wanted)
      return `${of.filter(({ score }) => score > threshold).length}/${of.length}`
    }
    console.log(`  ${set.padEnd(24)} found ${share(true)}  false alarms ${share(false)}`)
  }
}

const [labelledPath, harmlessPath] = process.argv.slice(2)
const rows = [...readRows(labelledPath), ...readRows(harmlessPath)]
const trainingRows = rows.filter(trains)
const { attacks, harmless } = syntheticTexts(randomOf(1))
const synthetic = [
  ...attacks.map(text => ({ id: '', text, injection: true, set: 'synthetic' })),
  ...harmless.map(text => ({ id: '', text, injection: false, set: 'synthetic' })),
].map(exampleOf(syntheticWeight))

const training = trainingRows.toSorted((a, b) => digest(a.id).compare(digest(b.id))).map(exampleOf(1))
const scored = crossValidated(training, synthetic)
const { slope, offset } = calibrate(scored)
const threshold = thresholdOf(scored)
report('five folds of the training half', scored, threshold)

const { weights } = train([...training, ...synthetic])
const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
const step = largest / 127
const bytes = Int8Array.from(weights, weight => Math.round(weight / step))
const header = new DataView(new ArrayBuffer(12))
header.setFloat32(0, step * slope, true)
header.setFloat32(4, offset, true)
header.setFloat32(8, sigmoid(threshold * slope + offset), true)
writeFileSync(
  new URL('../src/inspection/injection/weights.bin', import.meta.url),
  Buffer.concat([Buffer.from(header.buffer), Buffer.from(bytes.buffer)]),
)
const quantised = { weights: Float64Array.from(bytes, byte => byte * step), bias: 0 }
report(
  'the half that was not trained on',
  scoreAll(quantised, rows.filter(row => !trains(row)).map(exampleOf(1))),
  threshold,
)
console.log(
  `threshold ${sigmoid(threshold * slope + offset).toFixed(3)}, slope ${slope.toFixed(2)}, offset ${offset.toFixed(2)}`,
)

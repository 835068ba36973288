/**
 * Trains the tagger of people's names and writes src/inspection/person-names/weights.bin:
 *
 *     node scripts/train-person-names.ts tweets.jsonl [--tune open.jsonl …]
 *
 * `tweets.jsonl`: Broad Twitter Corpus (parts a, b, e, g, h) and WNUT-17 train, CC-BY-4.0, attributed in
 * src/inspection/person-names/README.md. Lines of `{ id, text, spans: [{ type, start, end }] }`, of which PERSON counts.
 * To these come sentences made from the templates beside this script, and code of installed packages. Nothing is learned from the files after `--tune`:
 * one half of each, by id, helps to choose the threshold, and the other half shows how good that is.
 * Seeded (2026): the same input gives the same weights.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hashWord } from '../src/inspection/person-names/hash.ts'
import { encodeModel } from '../src/inspection/person-names/model.ts'
import { codeWithoutNames } from './person-names/code.ts'
import { f2Of, measure, show } from './person-names/evaluation.ts'
import { detokenise, type Example, type LabelledRow, readExamples } from './person-names/examples.ts'
import { buildLexicon } from './person-names/lexicon.ts'
import { randomFrom } from './person-names/random.ts'
import { synthesiser } from './person-names/synthesis.ts'
import { trainer } from './person-names/training.ts'

const seed = 2026
const epochs = 5
const synthesisedPerEpoch = 24_000
const heldOutOf = 10
const lowerCased = 0.15

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { tune: { type: 'string', multiple: true, default: [] } },
})

const halfOf = ({ id }: LabelledRow) => hashWord(id) & 1
const isHeldOut = ({ id }: LabelledRow) => (hashWord(id) >>> 1) % heldOutOf === 0

const random = randomFrom(seed)
const rows = positionals.flatMap(readExamples)
const tweets = rows.filter(row => !isHeldOut(row)).flatMap((row): Example[] => [row, detokenise(row)])
const heldOut = rows.filter(isHeldOut).flatMap((row): Example[] => [row, detokenise(row)])
const synthesise = synthesiser(random, seed)
const synthesised = Array.from({ length: 2000 }, synthesise)

const shuffled = <T>(items: T[]) => {
  for (let i = items.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const [a, b] = [items[i], items[other]]
    if (a !== undefined && b !== undefined) [items[i], items[other]] = [b, a]
  }
  return items
}

const withoutCapitals = (example: Example): Example => {
  const text = example.text.toLowerCase()
  return text.length === example.text.length && random.chance(lowerCased) ? { ...example, text } : example
}

const lexicon = buildLexicon()
console.log(`${tweets.length} tweets in two spacings, ${lexicon.size} words in the lexicon`)

const { learn, quantise } = trainer(lexicon.slots, random)
for (let epoch = 1; epoch <= epochs; epoch++) {
  const examples = [
    ...tweets.map(withoutCapitals),
    ...codeWithoutNames,
    ...Array.from({ length: synthesisedPerEpoch }, synthesise),
  ]
  for (const example of shuffled(examples)) learn(example)
  console.log(show(`epoch ${epoch}, held-out tweets at even odds`, measure(quantise(0), heldOut)))
}

const open = values.tune.map(path => ({ path, rows: readExamples(path) }))
const tuning: Example[][] = [heldOut, ...open.map(file => file.rows.filter(row => halfOf(row) === 0))]

/**
 * The mean over the sets, so that a large one does not decide alone; a clean text that is flagged costs half as much as
 * F2.
 */
const worth = (threshold: number) => {
  const figures = tuning.map(examples => measure(quantise(threshold), examples))
  return (
    figures.reduce((sum, figure) => sum + f2Of(figure) - figure.flagged / (2 * figure.clean || 1), 0) / tuning.length
  )
}

const thresholds = Array.from({ length: 26 }, (_, i) => i / 8 - 2.5)
const threshold =
  thresholds.map(value => ({ value, worth: worth(value) })).toSorted((a, b) => b.worth - a.worth)[0]?.value ?? 0
const model = quantise(threshold)

console.log(`threshold: log-odds of ${threshold}`)
console.log(show('held-out tweets', measure(model, heldOut)))
console.log(show('synthesised', measure(model, synthesised)))
for (const { path, rows: all } of open)
  for (const half of [0, 1]) {
    const name = `${path.split('/').at(-1)}, ${half === 0 ? 'tuned' : 'untouched'} half`
    console.log(
      show(
        name,
        measure(
          model,
          all.filter(row => halfOf(row) === half),
        ),
      ),
    )
  }

writeFileSync(new URL('../src/inspection/person-names/weights.bin', import.meta.url), encodeModel(model))

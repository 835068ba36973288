import type { Model } from '../../src/inspection/person-names/model.ts'
import { findNamesWith } from '../../src/inspection/person-names/person-names.ts'
import { withUnits } from '../../src/inspection/units.ts'
import type { Example } from './examples.ts'

/** `clean` texts have no marked span, and in `flagged` ones of those a name was found. */
export type Figures = { right: number; found: number; gold: number; clean: number; flagged: number }

const overlap = (a: Example['spans'][number], b: Example['spans'][number]) => {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  return shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start))
}

/** Counts spans that share at least half of their joint length with a marked one, each with one. */
export const measure = (model: Model, examples: readonly Example[]): Figures => {
  const find = findNamesWith(model)
  const figures = { right: 0, found: 0, gold: 0, clean: 0, flagged: 0 }
  for (const { text, spans } of examples) {
    const left = [...spans]
    const found = withUnits(text, units => find(text, units, false))
    figures.found += found.length
    figures.gold += spans.length
    if (spans.length === 0) {
      figures.clean++
      if (found.length > 0) figures.flagged++
    }
    for (const span of found) {
      const match = left.findIndex(gold => overlap(gold, span) >= 0.5)
      if (match < 0) continue
      left.splice(match, 1)
      figures.right++
    }
  }
  return figures
}

/** F2: recall weighs four times as much as precision. */
export const f2Of = ({ right, found, gold }: Figures) => (5 * right) / (4 * gold + found || 1)

export const show = (name: string, figures: Figures) => {
  const { right, found, gold, clean, flagged } = figures
  const [precision, recall] = [right / (found || 1), right / (gold || 1)]
  return `${name.padEnd(44)} P ${precision.toFixed(3)} R ${recall.toFixed(3)} F2 ${f2Of(figures).toFixed(3)} of ${gold}, clean flagged ${flagged}/${clean}`
}

import { type Detector, type Expected, type Finding, isWordCode } from './detector.ts'
import type { Strength } from './identifiers/identifier.ts'
import { walkRuns } from './identifiers/runs.ts'
import { isMostOfItsText, standsAlone, surroundingsOf } from './identifiers/surroundings.ts'
import { identifiers } from './identifiers/table.ts'
import { toTree, type WrittenForm } from './identifiers/written-forms.ts'

/** How sure a fit is: in running text, alone in its text, and where a word or whoever asks says what it is. */
const confidence: Readonly<Record<Strength, { running: number; alone: number; said: number }>> = {
  proof: { running: 1, alone: 1, said: 1 },
  distinct: { running: 0.6, alone: 0.9, said: 1 },
  checked: { running: 0, alone: 0.7, said: 1 },
  form: { running: 0, alone: 0.5, said: 0.75 },
  bare: { running: 0, alone: 0, said: 0.75 },
}

const underscore = 95
const word = /\p{L}\p{L}/u

type Candidate = { start: number; end: number; written: string }

/** Candidates are short, and most have one separator: a pattern takes several times as long. */
const withoutSeparators = (written: string) => {
  let value = ''
  let from = 0
  for (let i = 0; i < written.length; i++) {
    const code = written.charCodeAt(i)
    if (isWordCode(code) && code !== underscore) continue
    value += written.slice(from, i)
    from = i + 1
  }
  return value + written.slice(from)
}

const none: readonly WrittenForm[] = []

/**
 * Of the forms as which a candidate is written, those whose letters and digits are right, too: of most candidates none.
 */
const fittingOf = (forms: readonly WrittenForm[], written: string): readonly WrittenForm[] => {
  let fitting: WrittenForm[] | undefined
  let value: string | undefined
  for (const form of forms) {
    if (!form.test.test(written)) continue
    const { pattern, passes } = form.identifier
    value ??= withoutSeparators(written).toUpperCase()
    if (pattern?.test(value) === false || passes?.(value) === false) continue
    if (fitting === undefined) fitting = [form]
    else fitting.push(form)
  }
  return fitting ?? none
}

const tree = toTree(identifiers)

/** All types of one place: expected ones, then the most confident, then in the order of the table. */
const bestOf = (fitting: readonly WrittenForm[], candidate: Candidate, text: string, expected: Expected) => {
  const { start, end, written } = candidate
  const around = surroundingsOf(text, start, end)
  const alone = isMostOfItsText(text, start, end)
  // Capitals are half of what makes letters among digits look like a code; small letters apart are words.
  const capital = written === written.toUpperCase()
  const wordy = !capital && written.includes(' ')
  // Lists of numbers have no words around: they are looked at quickly.
  const worded = !wordy && word.test(around)
  const weight = ({ type, confidence }: Finding) => (expected.has(type) ? 1 : 0) + confidence
  let best: Finding | undefined
  for (const { identifier, context } of fitting) {
    const sure = confidence[identifier.strength]
    const isExpected = expected.has(identifier.type)
    const said = isExpected || (worded && context.test(around))
    const sureness = said ? sure.said : alone ? sure.alone : capital || sure.running === 1 ? sure.running : 0
    if (sureness === 0) continue
    const finding = { start, end, type: identifier.type, confidence: sureness }
    if (best === undefined || weight(finding) > weight(best)) best = finding
  }
  return best
}

/** Identifiers that countries, health services, banks and offices give out. */
export const identifier: Detector = {
  types: [...new Set(identifiers.map(({ type }) => type))],
  applies: facts => facts.digits > 0,
  find(reading, expected) {
    const { text } = reading
    const findings: Finding[] = []
    walkRuns(reading, tree, (leaf, start, end) => {
      if (!standsAlone(text, start, end)) return
      const written = text.slice(start, end)
      const fitting = fittingOf(leaf.forms, written)
      if (fitting.length === 0) return
      const best = bestOf(fitting, { start, end, written }, text, expected)
      if (best !== undefined) findings.push(best)
    })
    return findings
  },
}

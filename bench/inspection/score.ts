import type { Finding } from '../../src/inspection/detectors/detector.ts'
import { typeOfName } from '../../src/inspection/type-names.ts'
import type { Case, Document, Gold } from './data.ts'

type Span = { start: number; end: number }
export type Counts = { tp: number; fp: number; fn: number }
export type Detect = (text: string, expected?: readonly string[]) => Finding[]

/** A type as both sides name it. A date of birth is a date to those who labelled the texts. */
export function typeOf(name: string): string {
  const type = typeOfName(name) ?? name.toLowerCase()
  return type === 'date_of_birth' ? 'date_time' : type
}

/** Types that alone do not make a document one with personal data. */
const impersonal = new Set(
  ['organization', 'location', 'date_time', 'title', 'age', 'nrp', 'zip_code', 'url', 'product', 'work'].concat(
    'crypto_wallet',
  ),
)
export const isPersonal = (name: string) => !impersonal.has(typeOf(name)) && !name.startsWith('secret_')

/** Share of two spans that both cover: intersection over union. */
export function overlap(a: Span, b: Span): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  return shared <= 0 ? 0 : shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start))
}

export const recall = ({ tp, fn }: Counts) => (tp + fn === 0 ? 0 : tp / (tp + fn))
export const precision = ({ tp, fp }: Counts) => (tp + fp === 0 ? 0 : tp / (tp + fp))
/** F-measure that weighs recall twice as much as precision. */
export function f2(counts: Counts): number {
  const [p, r] = [precision(counts), recall(counts)]
  return p + r === 0 ? 0 : (5 * p * r) / (4 * p + r)
}

/** Findings of a type are right where they cover at least half of a labelled place, one to one. */
export function scoreDocuments(documents: readonly Document[], detect: Detect) {
  const types = new Map<string, Counts>()
  const of = (type: string) => types.get(type) ?? (types.set(type, { tp: 0, fp: 0, fn: 0 }).get(type) as Counts)
  const whole = { tp: 0, fp: 0, fn: 0, clean: 0 }
  const labelledAnywhere = new Set(documents.flatMap(document => labels(document).map(({ type }) => typeOf(type))))
  for (const document of documents) {
    const gold = labels(document)
    const found = detect(document.text).map(finding => ({ ...finding, type: typeOf(finding.type) }))
    const used = new Set<Span>()
    for (const label of gold) {
      const best = found
        .filter(finding => !used.has(finding) && finding.type === typeOf(label.type) && overlap(finding, label) >= 0.5)
        .toSorted((a, b) => overlap(b, label) - overlap(a, label))[0]
      if (best === undefined) of(typeOf(label.type)).fn++
      else {
        used.add(best)
        of(best.type).tp++
      }
    }
    for (const finding of found) {
      if (!used.has(finding) && labelledAnywhere.has(finding.type)) of(finding.type).fp++
    }
    const personal = gold.some(({ type }) => isPersonal(type))
    const flagged = found.some(({ type }) => isPersonal(type) && isLabelled(document, type))
    if (!personal) whole.clean++
    if (personal && flagged) whole.tp++
    else if (personal) whole.fn++
    else if (flagged) whole.fp++
  }
  const micro = [...types]
    .filter(([type]) => isPersonal(type))
    .reduce((sum, [, { tp, fp, fn }]) => ({ tp: sum.tp + tp, fp: sum.fp + fp, fn: sum.fn + fn }), {
      tp: 0,
      fp: 0,
      fn: 0,
    })
  return { types, whole, micro }
}

function labels({ spans, labelled_types }: Document): Gold[] {
  return labelled_types === undefined ? spans : spans.filter(({ type }) => labelled_types.includes(type))
}

function isLabelled({ labelled_types }: Document, type: string): boolean {
  return labelled_types === undefined || labelled_types.some(label => typeOf(label) === type)
}

/** A case is right when as many findings of its type are reported as expected, each in its place. */
export function scoreCases(cases: readonly Case[], detect: Detect, hint: boolean): { balanced: number } {
  const right = { positive: 0, negative: 0 }
  const all = { positive: 0, negative: 0 }
  for (const { text, type, expected_count, spans } of cases) {
    const kind = expected_count > 0 ? 'positive' : 'negative'
    const found = detect(text, hint ? [type] : [])
      .filter(finding => typeOf(finding.type) === typeOf(type))
      .toSorted((a, b) => a.start - b.start)
    const placed = (spans ?? []).every((span, index) => {
      const finding = found[index]
      return finding !== undefined && overlap(finding, span) >= 0.8
    })
    all[kind]++
    if (found.length === expected_count && placed) right[kind]++
  }
  return { balanced: (right.positive / all.positive + right.negative / all.negative) / 2 }
}

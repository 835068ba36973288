import { personalDataTypes, sources, speakers, uninspectableKinds } from '../../../contracts/facts.ts'
import type { Path, WordValue } from '../../vocabulary.ts'
import type { Compared, Literal } from './literals.ts'

/** What figures can be, where they are not counts from 0 on. */
const bounds: Partial<Record<Path, readonly [least: number, most: number]>> = {
  'time.hour': [0, 23],
  'time.minute': [0, 59],
  'time.weekday': [1, 7],
  'prompt_injection.score': [0, 1],
  'tools.total': [0, 1000],
}
const counts = [0, 1_000_000] as const

/** Words that a fact is one of, where there are no others. */
const words: Partial<Record<Path, readonly string[]>> = {
  'call.source': sources,
  'prompt_injection.speaker': ['', ...speakers],
  uninspectable_content: uninspectableKinds,
}

/** Words that no rule has in mind. */
const other = '~'
/** Of more words than these, not every choice is tried. */
const mostChosen = 4
const day = 86_400_000

/** Values of a fact of which one lies in every place that its literals tell apart. */
export function valuesOf({ path, key, word, literals }: Compared): WordValue[] {
  if (word.type === 'bool') return [false, true]
  const kind = key === null ? word.type : word.type.replace(/^map<string, (\w+)>$/, '$1')
  if (kind === 'int' || kind === 'double') return figures(path, kind === 'int', literals)
  const texts = [...literals].filter(literal => typeof literal === 'string')
  if (path === 'time.date') return dates(texts)
  if (kind === 'string') return words[path]?.slice() ?? [...new Set(['', other, ...texts.flatMap(after)])]
  if (kind === 'list<string>') return choices(words[path]?.filter(name => texts.includes(name)) ?? [other, ...texts])
  return [
    {},
    ...[...texts, ...(path === 'custom' ? [other] : personalDataTypes.slice(0, 1))].map(name => ({ [name]: 1 })),
  ]
}

/** Whether `valuesOf` leaves none out that could make a difference. */
export function isCovered({ word, key, literals }: Compared): boolean {
  return key !== null || !word.type.startsWith('list') || literals.size < mostChosen
}

/** A text, and one that begins with it. */
const after = (text: string) => [text, text + other]

function figures(path: Path, isWhole: boolean, literals: ReadonlySet<Literal>): number[] {
  const [least, most] = bounds[path] ?? counts
  const edges = [...literals].filter(literal => typeof literal === 'number')
  const near = isWhole
    ? edges.flatMap(edge => [Math.floor(edge), Math.floor(edge) + 1, Math.ceil(edge) - 1])
    : between([least, ...edges, most].toSorted((a, b) => a - b))
  return [...new Set([least, ...near, ...edges.filter(edge => !isWhole || Number.isInteger(edge)), most])].filter(
    figure => figure >= least && figure <= most,
  )
}

function between(sorted: readonly number[]): number[] {
  return sorted.slice(1).map((figure, index) => (figure + (sorted[index] ?? 0)) / 2)
}

function dates(texts: readonly string[]): string[] {
  const times = texts.map(text => Date.parse(text)).filter(time => !Number.isNaN(time))
  const around = [0, ...times].flatMap(time => [time - day, time, time + day])
  return [...new Set(around.map(time => new Date(time).toISOString().slice(0, 10)))]
}

/** Every choice of some of the names. */
function choices(names: readonly string[]): string[][] {
  if (names.length > mostChosen) return [[], ...names.map(name => [name]), [...names]]
  return Array.from({ length: 2 ** names.length }, (_, chosen) => names.filter((_name, bit) => (chosen >> bit) & 1))
}

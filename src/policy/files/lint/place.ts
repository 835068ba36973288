import { isDeepStrictEqual } from 'node:util'
import { type Facts, personalDataTypes, secretTypes } from '../../../contracts/facts.ts'
import { operationNames } from '../../../operations.ts'
import { type Path, vocabulary, type Word, type WordValue } from '../../vocabulary.ts'
import type { Compared } from './literals.ts'

type Fields = Record<string, unknown>
/** `named`: keys of maps that are asked for by name, here or there. */
type Place = (facts: Facts, value: WordValue, key: string | null, named: ReadonlySet<string | null>) => void
type Approves = (provider: string | null) => boolean

const hour = 3_600_000
const day = 24 * hour

/** The way back from what a rule reads to the facts that it is read from. */
const places: Partial<Record<Path, Place>> = {
  'call.source': field('source'),
  'call.operation': (facts, value) => {
    facts.operation = String(value)
    facts.known_operation = operationNames.has(facts.operation)
  },
  'call.model': field('model'),
  'call.provider': field('provider'),
  'call.external': field('external'),
  'call.stream': field('stream'),
  'call.max_output_tokens': field('max_output_tokens'),
  'call.messages': field('sizes', 'messages'),
  'call.characters': field('sizes', 'characters'),
  'call.estimated_tokens': field('sizes', 'estimated_tokens'),
  'call.images': field('sizes', 'images'),
  'call.audio': field('sizes', 'audio'),
  'call.files': field('sizes', 'files'),
  'personal_data.declared': field('personal_data', 'declared'),
  'personal_data.types': field('personal_data', 'types'),
  'personal_data.uncertain': field('personal_data', 'uncertain'),
  'personal_data.total': (facts, value, _key, named) =>
    fillUp(
      facts.personal_data.types,
      Number(value),
      personalDataTypes.find(type => !named.has(type)),
    ),
  'secrets.types': field('secrets'),
  'secrets.total': (facts, value, _key, named) =>
    fillUp(
      facts.secrets,
      Number(value),
      secretTypes.find(type => !named.has(type)),
    ),
  custom: field('custom'),
  'prompt_injection.score': field('prompt_injection', 'score'),
  'prompt_injection.speaker': field('prompt_injection', 'speaker'),
  uninspectable_content: field('uninspectable_content'),
  uninspected_characters: field('uninspected_characters'),
  'tools.names': field('tools', 'names'),
  'tools.total': (facts, value) => {
    facts.tools.total = Math.max(Number(value), facts.tools.names.length)
  },
  'key.name': field('caller', 'key_name'),
  'key.age_days': field('caller', 'key_age_days'),
  'customer.email': field('caller', 'customer_email'),
  declared: field('declared'),
  'time.date': (facts, value) => {
    facts.at = Date.parse(String(value)) + (facts.at % day)
  },
  'time.weekday': (facts, value) => {
    facts.at += (Number(value) - Number(read(facts, 'time.weekday'))) * day
  },
  'time.hour': (facts, value) => {
    facts.at += (Number(value) - Number(read(facts, 'time.hour'))) * hour
  },
  'time.minute': (facts, value) => {
    facts.at += (Number(value) - Number(read(facts, 'time.minute'))) * 60_000
  },
  'usage.month_cost': field('usage', 'month_cost'),
}

/** Whether a fact can be given a value of its own. */
export const canBePlaced = (path: Path): boolean => path in places

/** Totals come after what they count, and days before the hours in them. */
export function inOrder(facts: readonly Compared[]): Compared[] {
  const late = (path: Path) => (path.endsWith('.total') ? 1 : 0) + (path === 'time.date' ? -1 : 0)
  return facts.toSorted((a, b) => late(a.path) - late(b.path))
}

/** Facts that read as asked; null if there are none, as with a total below its parts, or a date on another weekday. */
export function placed(
  base: Facts,
  asked: readonly (readonly [Compared, WordValue])[],
  approves: Approves,
): Facts | null {
  const facts = structuredClone(base)
  const named = new Set(asked.map(([{ key }]) => key))
  for (const [{ path, key }, value] of asked) places[path]?.(facts, value, key, named)
  const holds = asked.every(([{ path, key }, value]) => isDeepStrictEqual(read(facts, path, key, approves), value))
  return holds ? facts : null
}

function read(facts: Facts, path: Path, key: string | null = null, approves: Approves = () => false): unknown {
  const word: Word = vocabulary[path]
  const value = word.from(facts, approves)
  if (key === null) return value
  return (value as Readonly<Fields>)[key] ?? (word.type.endsWith('string>') ? '' : 0)
}

/** What is nothing to a rule is absent from the facts: null, or no entry of a map. */
function field(...path: string[]): Place {
  return function place(facts, value, key) {
    const steps = key === null ? path : [...path, key]
    const last = steps.at(-1) ?? ''
    let parent = facts as unknown as Fields
    for (const step of steps.slice(0, -1)) parent = parent[step] as Fields
    const nothing = value === '' || value === 0
    if (nothing && key !== null) delete parent[last]
    else parent[last] = value === '' ? null : value
  }
}

/** Adds what is missing to a total, as findings of a type that nobody asks for. */
function fillUp(counted: Record<string, number>, total: number, spare = ''): void {
  const missing = total - Object.values(counted).reduce((sum, count) => sum + count, 0)
  if (missing > 0) counted[spare] = missing
}

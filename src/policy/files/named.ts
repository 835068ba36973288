import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { policyDocuments } from '../documents.ts'

/** An item of a list that a person tells from others by a name: a rule, or a detector. */
export type Named = Record<string, unknown>

const kinds = [
  { name: 'id', defaults: defaultsOf(policyDocuments.rules.schema.shape.rules.element.shape) },
  { name: 'type', defaults: defaultsOf(policyDocuments.custom_detectors.schema.shape.detectors.element.shape) },
]

export function nameOf(item: unknown): string | null {
  if (!isPlain(item)) return null
  const name = item.id ?? item.type
  return typeof name === 'string' ? name : null
}

export function isNamedList(value: unknown): value is Named[] {
  return Array.isArray(value) && value.length > 0 && value.every(item => nameOf(item) !== null)
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Without the fields that say what holds anyway, however deep the items stand. */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (!isPlain(value)) return value
  const { defaults } = kinds.find(({ name }) => typeof value[name] === 'string') ?? none
  const said = Object.entries(value).filter(([field, given]) => !isDeepStrictEqual(given, defaults[field] ?? unlike))
  return Object.fromEntries(said.map(([field, given]) => [field, withoutDefaults(given)]))
}

const none: { defaults: Record<string, unknown> } = { defaults: {} }

/** Equal to nothing that a file can hold. */
const unlike = Symbol('no default')

function defaultsOf(shape: z.core.$ZodLooseShape): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([field, schema]) =>
      schema instanceof z.ZodDefault ? [[field, schema.def.defaultValue]] : [],
    ),
  )
}

// Which names of callers the record keeps, and where it lies. A name of any other place is found nowhere.
import { keptNames } from './ways.ts'

/** Ways by hand, and fields of the schemas: a model, the caller's own user, and plain names of tools. */
const byHand: ReadonlySet<string> = new Set(Object.values(keptNames))
const fields: readonly RegExp[] = [
  /^name in \S+ \.(?:model|user|safety_identifier) #/,
  /^name in \S+ \.(?:tools|functions)\[\](?:\.tools\[\])?(?:\.function|\.custom)?\.(?:name|server_label|type) #/,
]

export function isKept(way: string): boolean {
  return byHand.has(way) || fields.some(pattern => pattern.test(way))
}

/** Where records lie. Not the log, not Sentry, not Redis, not the checkpoints. */
export const isRecord = (sink: string) => /^(?:database|spool|audit )/.test(sink)

import { isDeepStrictEqual } from 'node:util'
import { type PolicyKey, policyKeys } from '../../contracts/decision.ts'
import { effectiveDocuments } from '../documents.ts'
import { isNamedList, isPlain, nameOf } from './named.ts'
import type { Layers, PoliciesFile } from './policies.ts'

/** One thing that an application of a file would change. What was not there, or will not be, is undefined. */
export type Change = {
  /** Null for everyone. */
  customer: string | null
  policy: PolicyKey
  /** Of the document: `requests`, `rules.no_images`, `rules.no_images.mode`. */
  field: string
  before: unknown
  after: unknown
}

type Fields = Record<string, unknown>

/** What would change where `stored` is in force. A section that the file leaves out stays as it is. */
export function compare(stored: Layers, file: PoliciesFile): Change[] {
  return [
    ...(file.everyone === undefined ? [] : everyone(stored.everyone, file.everyone)),
    ...(file.customers === undefined ? [] : customers(stored.customers, file.customers)),
  ]
}

/** For everyone what counts is what it comes to: the defaults hold where nothing is said. */
function everyone(before: Layers['everyone'], after: Layers['everyone']): Change[] {
  const [from, to] = [effectiveDocuments(before), effectiveDocuments(after)]
  return policyKeys.flatMap(policy =>
    changed(from[policy], to[policy]).map(change => ({ customer: null, policy, ...change })),
  )
}

/** For a customer what counts is what is set: it stays when what holds for everyone changes. */
function customers(before: Layers['customers'], after: Layers['customers']): Change[] {
  const emails = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return emails.flatMap(customer =>
    policyKeys.flatMap(policy =>
      changed(before[customer]?.[policy], after[customer]?.[policy]).map(change => ({ customer, policy, ...change })),
    ),
  )
}

function changed(before: unknown, after: unknown): Pick<Change, 'field' | 'before' | 'after'>[] {
  return changesOf((before ?? {}) as Fields, (after ?? {}) as Fields, '')
}

function changesOf(before: Fields, after: Fields, within: string): Pick<Change, 'field' | 'before' | 'after'>[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.flatMap(name => {
    const [from, to] = [before[name], after[name]]
    const field = within + name
    if (isDeepStrictEqual(from, to)) return []
    if (isPlain(from) && isPlain(to)) return changesOf(from, to, `${field}.`)
    const [fromNames, toNames] = [byName(from), byName(to)]
    if (fromNames === null || toNames === null) return [{ field, before: from, after: to }]
    const parts = changesOf(fromNames, toNames, `${field}.`)
    return parts.length > 0 ? parts : [{ field, before: Object.keys(fromNames), after: Object.keys(toNames) }]
  })
}

/** A list of rules or detectors by their names; null if it is another list, or none. */
function byName(value: unknown): Fields | null {
  if (Array.isArray(value) && value.length === 0) return {}
  return isNamedList(value) ? Object.fromEntries(value.map(item => [nameOf(item) ?? '', item])) : null
}

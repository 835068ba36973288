import { isDeepStrictEqual } from 'node:util'
import type { Change } from './compare.ts'
import { isPlain, withoutDefaults } from './named.ts'

const nobody = 'everyone'

/** Changes for people to read: `+` for what is new, `-` for what goes, `~` for what differs. */
export function changesText(changes: readonly Change[]): string {
  const scopes = [...new Set(changes.map(({ customer }) => customer))]
  return scopes
    .map(scope => [scope ?? nobody, ...changes.filter(({ customer }) => customer === scope).map(line)].join('\n'))
    .join('\n\n')
}

function line({ policy, field, before, after }: Change): string {
  const name = `${policy}.${field}`
  if (before === undefined) return `  + ${name}: ${shown(after)}`
  if (after === undefined) return `  - ${name}: ${shown(before)}`
  if (Array.isArray(before) && Array.isArray(after)) return `  ~ ${name}: ${listed(before, after)}`
  return `  ~ ${name}: ${shown(before)} → ${shown(after)}`
}

/** Rules by what they say, without what their place in the file says already. */
function shown(value: unknown): string {
  if (!isPlain(value)) return JSON.stringify(value)
  const { id: _id, type: _type, ...rest } = withoutDefaults(value) as Record<string, unknown>
  return JSON.stringify(rest)
}

/** What a list gains and loses; its order, if that is all. */
function listed(before: unknown[], after: unknown[]): string {
  const missingFrom = (list: unknown[], others: unknown[]) =>
    others.filter(item => !list.some(known => isDeepStrictEqual(known, item)))
  const added = missingFrom(before, after).map(item => `+${shown(item)}`)
  const gone = missingFrom(after, before).map(item => `-${shown(item)}`)
  return [...added, ...gone].join(' ') || `in another order: ${shown(after)}`
}

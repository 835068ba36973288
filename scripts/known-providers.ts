import { providers as knownProviders } from '../providers/index.ts'
import type { Config } from '../src/config.ts'
import { CommandError } from './command.ts'

/** Refuses what is no provider's id: an approval with a slip in it would show only at the next call. */
export function requireKnownProviders(ids: readonly string[], { providers }: Config): void {
  const known = new Set([...knownProviders, ...providers].map(({ id }) => id))
  if (!ids.every(id => known.has(id))) throw new CommandError(`The providers are: ${[...known].join(', ')}.`)
}

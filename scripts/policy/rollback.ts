import { subcommand } from '../subcommand.ts'
import { noteOf, noteOptions, versionNumber } from './note.ts'
import { scopeOf, withStores } from './stores.ts'

export const rollback = subcommand(
  ['rollback <number> [--customer <email>]', 'makes a new version of an old one'],
  { customer: { type: 'string' }, ...noteOptions },
  ['number'],
  ({ values: { customer, ...said }, positionals: [given] }) => {
    const number = versionNumber(given, 'The first argument')
    const note = noteOf(said)
    return withStores(async ({ policies, keys }) => {
      const made = await policies.rollback(await scopeOf(keys, customer), number, note)
      console.log(`What was set in version ${number} is set for ${customer ?? 'everyone'} (version ${made.number}).`)
    })
  },
)

import { subcommand } from '../subcommand.ts'
import { policyKey } from './document.ts'
import { noteOf, noteOptions } from './note.ts'
import { scopeOf, withStores } from './stores.ts'

export const unset = subcommand(
  ['unset <policy> [--customer <email>]', 'back to the default, or to what holds for everyone'],
  { customer: { type: 'string' }, ...noteOptions },
  ['policy'],
  ({ values: { customer, ...said }, positionals: [name] }) => {
    const key = policyKey(name)
    const note = noteOf(said)
    return withStores(async ({ policies, keys }) => {
      const id = await scopeOf(keys, customer)
      const { number } = await policies.unset(key, id, note)
      const document = JSON.stringify((await policies.load(id))[key])
      console.log(`${key} is now ${document} for ${customer ?? 'everyone'} (version ${number}).`)
    })
  },
)

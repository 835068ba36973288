import { subcommand } from '../subcommand.ts'
import { parseJson, policyKey } from './document.ts'
import { noteOf, noteOptions } from './note.ts'
import { scopeOf, withStores } from './stores.ts'

export const set = subcommand(
  ['set <policy> <json> [--customer <email>]', 'changes the fields that are given'],
  { customer: { type: 'string' }, ...noteOptions },
  ['policy', 'json'],
  ({ values: { customer, ...said }, positionals: [name, json] }) => {
    const key = policyKey(name)
    const fields = parseJson(json)
    const note = noteOf(said)
    return withStores(async ({ policies, keys }) => {
      const id = await scopeOf(keys, customer)
      const { number } = await policies.set(key, fields, id, note)
      const document = JSON.stringify((await policies.load(id))[key])
      console.log(`${key} is now ${document} for ${customer ?? 'everyone'} (version ${number}).`)
    })
  },
)

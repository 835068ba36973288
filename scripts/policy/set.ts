import { policyCommand } from './command.ts'
import { parseJson, policyKey } from './document.ts'
import { scopeOf, withStores } from './stores.ts'

export const set = policyCommand(
  ['set <policy> <json> [--customer <email>]', 'changes the fields that are given'],
  { customer: { type: 'string' } },
  ({ values: { customer }, positionals: [name, json] }) => {
    const key = policyKey(name)
    const fields = parseJson(json)
    return withStores(async ({ policies, keys }) => {
      const id = await scopeOf(keys, customer)
      await policies.set(key, fields, id)
      console.log(`${key} is now ${JSON.stringify((await policies.load(id))[key])} for ${customer ?? 'everyone'}.`)
    })
  },
)

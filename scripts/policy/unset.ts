import { policyCommand } from './command.ts'
import { policyKey } from './document.ts'
import { scopeOf, withStores } from './stores.ts'

export const unset = policyCommand(
  ['unset <policy> [--customer <email>]', 'back to the default, or to what holds for everyone'],
  { customer: { type: 'string' } },
  ({ values: { customer }, positionals: [name] }) => {
    const key = policyKey(name)
    return withStores(async ({ policies, keys }) => {
      const id = await scopeOf(keys, customer)
      await policies.unset(key, id)
      console.log(`${key} is now ${JSON.stringify((await policies.load(id))[key])} for ${customer ?? 'everyone'}.`)
    })
  },
)

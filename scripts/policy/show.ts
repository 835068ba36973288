import { policyKeys } from '../../src/contracts/decision.ts'
import { policyCommand } from './command.ts'
import { scopeOf, withStores } from './stores.ts'

export const show = policyCommand(
  ['show [email]', 'what holds for everyone, or for one customer'],
  {},
  ({ positionals: [email] }) =>
    withStores(async ({ policies, keys }) => {
      const documents = await policies.load(await scopeOf(keys, email))
      for (const key of policyKeys) console.log(`${key} ${JSON.stringify(documents[key])}`)
    }),
)

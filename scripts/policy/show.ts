import { policyKeys } from '../../src/contracts/decision.ts'
import type { PolicyStore } from '../../src/policy/store.ts'
import { subcommand } from '../subcommand.ts'
import { versionNumber } from './note.ts'
import { scopeOf, withStores } from './stores.ts'

export const show = subcommand(
  ['show [email] [--version <number>]', 'what holds for everyone, or for one customer; or what a version set'],
  { version: { type: 'string' } },
  ['email'],
  ({ values: { version }, positionals: [email] }) => {
    const number = version === undefined ? null : versionNumber(version, '--version')
    return withStores(async ({ policies, keys }) => {
      const scope = await scopeOf(keys, email)
      const documents = number === null ? await policies.load(scope) : await setIn(policies, scope, number)
      for (const key of policyKeys) {
        if (documents[key] !== undefined) console.log(`${key} ${JSON.stringify(documents[key])}`)
      }
    })
  },
)

async function setIn(policies: PolicyStore, scope: string | null, number: number) {
  const version = await policies.version(scope, number)
  if (version === null) throw new Error(`There is no version ${number}.`)
  return version.documents
}

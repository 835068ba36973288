import { differingKeys } from '../../src/policy/layers/layer.ts'
import type { PolicyVersion } from '../../src/policy/versions.ts'
import { subcommand } from '../subcommand.ts'
import { scopeOf, withStores } from './stores.ts'

export const history = subcommand(
  ['history [email] [--json]', 'who changed what, and when: for everyone, or for one customer'],
  { json: { type: 'boolean', default: false } },
  ['email'],
  ({ values: { json }, positionals: [email] }) =>
    withStores(async ({ policies, keys }) => {
      const versions = await policies.history(await scopeOf(keys, email))
      if (json) console.log(JSON.stringify(versions, null, 2))
      else if (versions.length === 0) console.log(`Nothing was changed yet for ${email ?? 'everyone'}.`)
      else for (const [index, version] of versions.entries()) console.log(line(version, versions[index + 1]))
    }),
)

/** `3  2026-11-25 09:30:00Z  ann  51f0b3c9d2a4e687  rate_limit, block_secrets  "Her batch is done"` */
function line(version: PolicyVersion, before: PolicyVersion | undefined): string {
  const { number, createdAt, author, hash, note, documents } = version
  const time = createdAt.toISOString().replace('T', ' ').replace(/\.\d+/, '')
  const changed = before === undefined ? [] : differingKeys(before.documents, documents)
  const columns = [number, time, author, hash || '(not valid)', changed.join(', ')]
  return [...columns, note && JSON.stringify(note)].filter(column => column !== '').join('  ')
}

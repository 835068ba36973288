import type { KeyStore } from '../../src/keys/store.ts'
import { changesText } from '../../src/policy/files/changes-text.ts'
import { type Change, compare } from '../../src/policy/files/compare.ts'
import { type PoliciesFile, readPolicies } from '../../src/policy/files/policies.ts'
import { layersOf } from '../../src/policy/files/stored.ts'
import { storedForm } from '../../src/policy/files/write.ts'
import type { PolicyStore } from '../../src/policy/store.ts'
import { subcommand } from '../subcommand.ts'
import { noteOf, noteOptions } from './note.ts'
import { defaultFile, readWith } from './read-file.ts'
import { withStores } from './stores.ts'

export const apply = subcommand(
  ['apply [file] [--yes] [--note <why>] [--author <who>]', 'what a file would change; with --yes it is changed'],
  { yes: { type: 'boolean', default: false }, note: noteOptions.note, author: noteOptions.author },
  ['file'],
  async ({ values, positionals: [path = defaultFile] }) => {
    const { file } = await readWith(path, readPolicies)
    await withStores(async ({ policies, keys }) => {
      const stored = await policies.layers()
      const changes = compare(layersOf(stored), file)
      if (changes.length === 0) return console.log(`The database says what ${path} says. Nothing was changed.`)
      console.log(changesText(changes))
      const layers = await layersToWrite(changes, file, stored, keys)
      if (!values.yes) {
        await policies.rehearse(layers)
        return console.log(`\nNothing was changed. To change it: apply ${path} --yes`)
      }

      const versions = await policies.apply(layers, noteOf(values))
      console.log('')
      for (const [index, { number }] of versions.entries())
        console.log(`Version ${number} for ${layers[index]?.email ?? 'everyone'}.`)
    })
  },
)

type Stored = Awaited<ReturnType<PolicyStore['layers']>>

/** The layers that change, everyone's first, each on the version that was compared: who comes in between wins. */
async function layersToWrite(changes: Change[], file: PoliciesFile, stored: Stored, keys: KeyStore) {
  const emails = [...new Set(changes.map(({ customer }) => customer))]
  const layers = await Promise.all(
    emails.map(async email => ({
      email,
      customerId: email === null ? null : await keys.findCustomer(email),
      documents: storedForm(file, email),
      expectedVersion: stored.find(layer => layer.email === email)?.version ?? 0,
    })),
  )
  const unknown = layers.filter(({ email, customerId }) => email !== null && customerId === null)
  if (unknown.length === 0) return layers
  throw new Error(`There is no customer with the address ${unknown.map(({ email }) => email).join(', ')}.`)
}

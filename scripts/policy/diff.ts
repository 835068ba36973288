import { changesText } from '../../src/policy/files/changes-text.ts'
import { compare } from '../../src/policy/files/compare.ts'
import { readPolicies } from '../../src/policy/files/policies.ts'
import { layersOf } from '../../src/policy/files/stored.ts'
import { subcommand } from '../subcommand.ts'
import { defaultFile, readWith } from './read-file.ts'
import { withStores } from './stores.ts'

export const diff = subcommand(
  ['diff [file] [--exit-code] [--json]', 'what applying a file would change; exit code 1 for anything, if asked'],
  { 'exit-code': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  ['file'],
  async ({ values, positionals: [path = defaultFile] }) => {
    const { file } = await readWith(path, readPolicies)
    await withStores(async ({ policies }) => {
      const changes = compare(layersOf(await policies.layers()), file)
      if (values.json) console.log(JSON.stringify(changes, null, 2))
      else console.log(changes.length === 0 ? `The database says what ${path} says.` : changesText(changes))
      if (values['exit-code'] && changes.length > 0) process.exitCode = 1
    })
  },
)

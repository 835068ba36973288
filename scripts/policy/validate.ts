import { readPolicies } from '../../src/policy/files/policies.ts'
import { subcommand } from '../subcommand.ts'
import { defaultFile, readWith } from './read-file.ts'

export const validate = subcommand(
  ['validate [file]', 'whether a file of policies could be applied'],
  {},
  ['file'],
  async ({ positionals: [path = defaultFile] }) => {
    const { file } = await readWith(path, readPolicies)
    const documents = Object.keys(file.everyone ?? {}).length
    const customers = Object.keys(file.customers ?? {}).length
    console.log(`${path} is valid. Documents for everyone: ${documents}, customers: ${customers}.`)
  },
)

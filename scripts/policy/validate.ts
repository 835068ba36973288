import { parseArgs } from 'node:util'
import { readPolicies } from '../../src/policy/files/policies.ts'
import { defaultFile, readWith } from './read-file.ts'

/** `validate [file]`: is the file one that could be applied? Needs no database. */
export async function validate(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const [path = defaultFile] = positionals
  const { file } = await readWith(path, readPolicies)
  const documents = Object.keys(file.everyone ?? {}).length
  const customers = Object.keys(file.customers ?? {}).length
  console.log(`${path} is valid: documents for everyone: ${documents}, customers: ${customers}.`)
}

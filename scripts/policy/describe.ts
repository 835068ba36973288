import { policyKeys } from '../../src/contracts/decision.ts'
import { policyDocuments } from '../../src/policy/documents.ts'
import { subcommand } from '../subcommand.ts'

export const describe = subcommand(['describe', 'what each policy does, and its default'], {}, [], async () => {
  for (const key of policyKeys) {
    const { description, defaultValue } = policyDocuments[key]
    console.log(`${key}\n  ${description}\n  Default: ${JSON.stringify(defaultValue)}\n`)
  }
})

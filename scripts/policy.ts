// Shows and sets policies, for everyone or for one customer.
import { parseArgs } from 'node:util'
import { type PolicyKey, policyKeys } from '../src/contracts/decision.ts'
import { createKeyStore, type KeyStore } from '../src/keys/store.ts'
import { policyDocuments } from '../src/policy/documents.ts'
import { createPolicyStore, type PolicyStore } from '../src/policy/store.ts'
import { CommandError, runCommand, withDatabase } from './command.ts'

const usage = `Usage:
  npm run policy -- describe                               what each policy does, and its default
  npm run policy -- show [email]                           what holds for everyone, or for one customer
  npm run policy -- set <policy> <json> [--customer <email>]
  npm run policy -- unset <policy> [--customer <email>]    back to the default, or to what holds for everyone
  npm run policy -- approve <email> <provider,provider>    lets a customer use external providers

Only the fields that are given change: npm run policy -- set rate_limit '{"requests":500}'`

type Stores = { policies: PolicyStore; keys: KeyStore }
type Command = (stores: Stores, given: string[], customer: string | undefined) => Promise<void>

const commands: Record<string, Command> = {
  async describe() {
    for (const key of policyKeys) {
      const { description, defaultValue } = policyDocuments[key]
      console.log(`${key}\n  ${description}\n  Default: ${JSON.stringify(defaultValue)}\n`)
    }
  },

  async show({ policies, keys }, [email]) {
    const documents = await policies.load(email === undefined ? null : await customerId(keys, email))
    for (const key of policyKeys) console.log(`${key} ${JSON.stringify(documents[key])}`)
  },

  async set({ policies, keys }, [name, json], email) {
    const key = policyKey(name)
    const id = email === undefined ? null : await customerId(keys, email)
    await policies.set(key, parseJson(json), id)
    console.log(`${key} is now ${JSON.stringify((await policies.load(id))[key])} for ${email ?? 'everyone'}.`)
  },

  async unset({ policies, keys }, [name], email) {
    const key = policyKey(name)
    const id = email === undefined ? null : await customerId(keys, email)
    await policies.unset(key, id)
    console.log(`${key} is now ${JSON.stringify((await policies.load(id))[key])} for ${email ?? 'everyone'}.`)
  },

  async approve({ policies, keys }, [email, providers]) {
    if (email === undefined || providers === undefined)
      throw new CommandError('An e-mail address and providers are needed.')
    const ids = providers.split(',').filter(id => id !== '')
    await policies.approve(ids, await customerId(keys, email))
    console.log(`Approved for ${email}: ${ids.join(', ')}.`)
  },
}

function policyKey(name: string | undefined): PolicyKey {
  const key = policyKeys.find(known => known === name)
  if (key === undefined) throw new CommandError(`The policy must be one of: ${policyKeys.join(', ')}.`)
  return key
}

async function customerId(keys: KeyStore, email: string): Promise<string> {
  const id = await keys.findCustomer(email)
  if (id === null) throw new Error('There is no customer with that e-mail address.')
  return id
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new CommandError('The document must be JSON, in quotes that your shell leaves alone.')
  }
}

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { customer: { type: 'string' } } })
  const [name = '', ...given] = positionals
  const command = commands[name]
  if (command === undefined) throw new CommandError('The first argument must be a command.')
  await withDatabase(async ({ prisma }) => {
    const policies = createPolicyStore(prisma)
    await policies.seed()
    await command({ policies, keys: createKeyStore(prisma) }, given, values.customer)
  })
})

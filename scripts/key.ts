// Makes, lists and revokes API keys, also while the proxy runs.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Config } from '../src/config.ts'
import { longestOwnWords } from '../src/contracts/names.ts'
import { createKeyStore, type KeyScope, type KeyStore, keyScopes } from '../src/keys/store.ts'
import { createPolicyStore, type PolicyStore } from '../src/policy/store.ts'
import { CommandError, runCommand } from './command.ts'
import { withDatabase } from './database.ts'
import { requireKnownProviders } from './known-providers.ts'
import { noteOf } from './policy/note.ts'

const usage = `Usage:
  npm run key -- <email> [--name <text>] [--expires <90d | 2027-01-31>] [--approve <provider,provider>]
      [--scope <scope,scope>] [--json]
      Makes a key, and the customer if there is none with that address. The key is shown this once.
      --approve lets all of the customer's keys use these external providers.
      --scope lets this key do more than calls: policies:simulate asks what policy would decide, unrecorded.
  npm run key -- list [email] [--json]
  npm run key -- revoke <key id>

In a script: npm run --silent key -- ci@example.com --json`

const msPerDay = 86_400_000
const options = {
  name: { type: 'string', default: '' },
  expires: { type: 'string' },
  approve: { type: 'string', default: '' },
  scope: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
} as const
const name = z
  .string()
  .max(200)
  .regex(/^\P{C}*$/u)

type Arguments = ReturnType<typeof readArguments>
type Stores = { keys: KeyStore; policies: PolicyStore }
/** What is left to do once the arguments are found to be sound and the database is open. */
type Command = (stores: Stores, config: Config) => Promise<void>

function readArguments() {
  return parseArgs({ allowPositionals: true, options })
}

function make({ values }: Arguments, address: string | undefined): Command {
  const email = z.email().max(longestOwnWords).safeParse(address)
  if (!email.success) throw new CommandError('The first argument must be an e-mail address, "list" or "revoke".')
  if (!name.safeParse(values.name).success) throw new CommandError('--name must be one line of 200 characters at most.')
  const expiresAt = values.expires === undefined ? null : expiry(values.expires)
  const approve = listed(values.approve)
  const scopes = listed(values.scope).map(scopeOf)

  return async ({ keys, policies }, config) => {
    // Before there is a key: it could not be shown again.
    requireKnownProviders(approve, config)

    const made = await keys.create({ email: email.data, name: values.name, expiresAt, scopes })
    if (approve.length > 0) await policies.approve(approve, made.customerId, noteOf({ note: 'With a new key' }))
    if (values.json) {
      const { token, id, customerId } = made
      console.log(JSON.stringify({ token, key_id: id, customer_id: customerId, expires_at: expiresAt }))
      return
    }
    console.log(`Made an API key for ${email.data}. It is shown this once:\n\n  ${made.token}\n`)
    if (expiresAt !== null) console.log(`It expires at ${expiresAt.toISOString()}.`)
    if (scopes.length > 0) console.log(`Besides calls it may: ${scopes.join(', ')}.`)
    if (approve.length > 0) console.log(`Approved for all keys of this customer: ${approve.join(', ')}.`)
    console.log(`OpenAI's SDKs take it from the environment:

  export OPENAI_BASE_URL=${baseUrl(config)}
  export OPENAI_API_KEY=${made.token}

Try it:

  curl $OPENAI_BASE_URL/models -H "Authorization: Bearer $OPENAI_API_KEY"`)
  }
}

function list({ values }: Arguments, email: string | undefined): Command {
  return async ({ keys }) => {
    if (email !== undefined && (await keys.findCustomer(email)) === null) {
      throw new Error('There is no customer with that e-mail address.')
    }
    const found = await keys.list(email)
    if (values.json) {
      console.log(JSON.stringify(found))
      return
    }
    console.table(
      found.map(key => ({
        id: key.id,
        customer: key.customer.email,
        name: key.name,
        created: key.createdAt.toISOString(),
        'last used': key.lastUsedAt?.toISOString() ?? 'never',
        state: stateOf(key),
      })),
    )
  }
}

function revoke(_options: Arguments, given: string | undefined): Command {
  const id = z.uuid().safeParse(given)
  if (!id.success) throw new CommandError('A key id is needed: see "npm run key -- list".')
  return async ({ keys }) => {
    if (!(await keys.revoke(id.data))) throw new Error('There is no such key, or it was revoked before.')
    console.log('Revoked. Running proxies were told.')
  }
}

function stateOf({
  isActive,
  revokedAt,
  expiresAt,
}: {
  isActive: boolean
  revokedAt: Date | null
  expiresAt: Date | null
}) {
  if (revokedAt !== null) return 'revoked'
  if (!isActive) return 'inactive'
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? 'expired' : 'active'
}

function listed(text: string): string[] {
  return text.split(',').flatMap(part => part.trim() || [])
}

function scopeOf(text: string): KeyScope {
  const scope = keyScopes.find(known => known === text)
  if (scope === undefined) throw new CommandError(`--scope knows: ${keyScopes.join(', ')}.`)
  return scope
}

/** Days from now as `90d`, or the start of a day (UTC). */
function expiry(text: string): Date {
  const days = /^([1-9]\d{0,4})d$/.exec(text)?.[1]
  const date = days === undefined ? new Date(text) : new Date(Date.now() + Number(days) * msPerDay)
  const valid = days !== undefined || z.iso.date().or(z.iso.datetime()).safeParse(text).success
  if (!valid || date.getTime() <= Date.now()) {
    throw new CommandError('--expires must be days as "90d", or a date to come.')
  }
  return date
}

/** Where a proxy with these settings is reached from its own machine. */
function baseUrl({ host, port }: Config): string {
  const any = host === '0.0.0.0' || host === '::'
  return `http://${any ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}/v1`
}

await runCommand(usage, async () => {
  const given = readArguments()
  const [first, second, ...more] = given.positionals
  const takesTwo = first === 'list' || first === 'revoke'
  if (more.length > 0 || (second !== undefined && !takesTwo)) throw new CommandError('There are too many arguments.')
  const command =
    first === 'list' ? list(given, second) : first === 'revoke' ? revoke(given, second) : make(given, first)
  await withDatabase(async ({ prisma }, config) => {
    const policies = createPolicyStore(prisma)
    await policies.seed()
    await command({ keys: createKeyStore(prisma), policies }, config)
  })
})

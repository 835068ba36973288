import { z } from 'zod'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { KeyStore } from './keys/store.ts'
import type { PolicyStore } from './policy/store.ts'

const firstCustomer = 'admin@example.com'

type Parts = { keys: KeyStore; policies: PolicyStore; providers: readonly ConfiguredProvider[] }

/**
 * On a database without customers, makes one with a key and approves the providers that are configured: whoever set
 * them up means to use them. Returns the key, to be shown once, or null if there was nothing to do.
 */
export async function makeFirstKey({ keys, policies, providers }: Parts): Promise<string | null> {
  if ((await keys.list()).length > 0) return null
  const { token, customerId } = await keys.create({ email: firstCustomer, name: 'first key' })
  const external = providers.filter(provider => provider.external).map(({ id }) => id)
  if (external.length > 0) await policies.approve(external, customerId, { note: 'Configured at the first start' })
  return token
}

const approvals = z.object({ enabled: z.boolean().default(true), approved_providers: z.array(z.string()).default([]) })

/** What a later start tells of external providers that nobody may use yet: how to approve them. Empty if all are. */
export async function approvalsMissing({ keys, policies, providers }: Parts): Promise<string> {
  const layers = await policies.layers()
  const found = layers.map(({ documents }) => approvals.safeParse(documents.block_external_models ?? {}).data)
  const approved = new Set(found.flatMap(document => document?.approved_providers ?? []))
  const missing = providers.filter(({ id, external }) => external && !approved.has(id)).map(({ id }) => id)
  if (missing.length === 0 || found.some(document => document?.enabled === false)) return ''
  const [oldest] = (await keys.list()).slice(-1)
  return `
Nobody may use ${missing.join(', ')} yet: calls there are refused until you approve it for a customer.

  npm run policy -- approve ${oldest?.customer.email ?? '<email>'} ${missing.join(',')}

`
}

/** What the first start tells a newcomer: the key, and a call that answers when it is pasted into a terminal. */
export function welcome(address: string, token: string, providers: readonly ConfiguredProvider[]): string {
  return `
The proxy is running on ${address}.

This is your first API key, of ${firstCustomer}. It is shown this once:

  ${token}

Try it:

${firstCall(address, token, exampleModel(providers))}
`
}

function firstCall(address: string, token: string, model: string | null): string {
  const chat = `  curl ${address}/v1/chat/completions \\
    -H "Authorization: Bearer ${token}" \\
    -H "Content-Type: application/json" \\
    -d '{"model":"${model ?? '<model>'}","messages":[{"role":"user","content":"Hello!"}]}'
`
  if (model !== null) return chat
  return `  curl ${address}/v1/models -H "Authorization: Bearer ${token}"

It lists the models that you can use. Put the id of one in the place of <model>:

${chat}`
}

/** A model that one of the providers has, under the name that leads there. Null if none is known by name. */
function exampleModel(providers: readonly ConfiguredProvider[]): string | null {
  const provider = providers.find(({ example }) => example !== null)
  return provider === undefined ? null : `${provider.id}/${provider.example}`
}

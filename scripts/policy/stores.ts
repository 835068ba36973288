import type { Config } from '../../src/config.ts'
import type { Database } from '../../src/database/client.ts'
import { createKeyStore, type KeyStore } from '../../src/keys/store.ts'
import { createPolicyStore, type PolicyStore } from '../../src/policy/store.ts'
import { withDatabase } from '../database.ts'

export type Stores = { policies: PolicyStore; keys: KeyStore; database: Database; config: Config }

/** Opens the database for the length of a command, with a row for every policy. Commands that need none do not ask. */
export async function withStores(use: (stores: Stores) => Promise<void>): Promise<void> {
  await withDatabase(async (database, config) => {
    const policies = createPolicyStore(database.prisma)
    await policies.seed()
    await use({ policies, keys: createKeyStore(database.prisma), database, config })
  })
}

/** Whose policies are meant: those of the customer with that e-mail address, or with none everyone's (null). */
export async function scopeOf(keys: KeyStore, email: string | undefined): Promise<string | null> {
  return email === undefined ? null : customerId(keys, email)
}

export async function customerId(keys: KeyStore, email: string): Promise<string> {
  const id = await keys.findCustomer(email)
  if (id === null) throw new Error('There is no customer with that e-mail address.')
  return id
}

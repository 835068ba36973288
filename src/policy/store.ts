import type { PolicyKey } from '../contracts/decision.ts'
import { policyKeys } from '../contracts/decision.ts'
import type { Prisma, PrismaClient } from '../database/generated/client.ts'
import { effectiveDocuments, type PolicyDocuments, policyDocuments } from './documents.ts'

type Reader = Pick<PrismaClient, 'policy'>
type Layer = Partial<Record<PolicyKey, unknown>>
export type PolicyStore = ReturnType<typeof createPolicyStore>

/** Policies in the database: `policy` holds what applies to all, `customer_policy` what differs for one customer. */
export function createPolicyStore(prisma: PrismaClient) {
  async function layers(customerId: string | null, from: Reader = prisma): Promise<{ general: Layer; own: Layer }> {
    const rows = await from.policy.findMany({
      select: {
        key: true,
        defaultValue: true,
        customers: { where: customerId === null ? { id: { in: [] } } : { customerId }, select: { value: true } },
      },
    })
    const known = rows.filter(({ key }) => isPolicyKey(key))
    return {
      general: Object.fromEntries(known.map(({ key, defaultValue }) => [key, defaultValue])),
      own: Object.fromEntries(known.flatMap(({ key, customers: [own] }) => (own ? [[key, own.value]] : []))),
    }
  }

  /** The documents that judge a customer's calls, or with null everyone's. Throws `InvalidPolicyError`. */
  async function load(customerId: string | null): Promise<PolicyDocuments> {
    const { general, own } = await layers(customerId)
    return effectiveDocuments(general, own)
  }

  /** Writes the fields that `edit` makes of what holds now. Writers of one document wait for one another. */
  async function change(
    key: PolicyKey,
    customerId: string | null,
    edit: (effective: PolicyDocuments) => unknown,
  ): Promise<void> {
    await prisma.$transaction(async transaction => {
      const [row] = await transaction.$queryRaw<{ id: string }[]>`SELECT id FROM policy WHERE key = ${key} FOR UPDATE`
      if (row === undefined) throw new Error(`The policy ${key} is not in the database. Run: npm run seed-policies`)
      const { general, own } = await layers(customerId, transaction)
      const layer = customerId === null ? general : own
      const current = layer[key]
      const fields = edit(effectiveDocuments(general, own))
      const value = isObject(current) && isObject(fields) ? { ...current, ...fields } : fields
      const changed = { ...layer, [key]: value }
      effectiveDocuments(...(customerId === null ? [changed] : [general, changed]))
      const stored = value as Prisma.InputJsonValue
      if (customerId === null) {
        await transaction.policy.update({ where: { key }, data: { defaultValue: stored } })
        return
      }
      await transaction.customerPolicy.upsert({
        where: { customerId_policyId: { customerId, policyId: row.id } },
        create: { customerId, policyId: row.id, value: stored },
        update: { value: stored },
      })
    })
  }

  return {
    load,

    /** Sets fields of a document for one customer, or with null for everyone. Throws `InvalidPolicyError`. */
    set: (key: PolicyKey, fields: unknown, customerId: string | null) => change(key, customerId, () => fields),

    /** Approves external providers for a customer, besides those approved before. Throws `InvalidPolicyError`. */
    async approve(providers: readonly string[], customerId: string): Promise<void> {
      await change('block_external_models', customerId, ({ block_external_models: { approved_providers } }) => ({
        approved_providers: [...new Set([...approved_providers, ...providers])],
      }))
    },

    /** Returns a customer to what applies to everyone, or with null everyone to what came with the product. */
    async unset(key: PolicyKey, customerId: string | null): Promise<void> {
      if (customerId === null) {
        await prisma.policy.update({ where: { key }, data: { defaultValue: policyDocuments[key].defaultValue } })
      } else {
        await prisma.customerPolicy.deleteMany({ where: { customerId, policy: { key } } })
      }
    },

    /** Writes a row for every document that has none, and counts them. What an owner has set is left alone. */
    async seed(): Promise<number> {
      const { count } = await prisma.policy.createMany({
        data: policyKeys.map(key => {
          const { description, defaultValue } = policyDocuments[key]
          return { key, description, defaultValue }
        }),
        skipDuplicates: true,
      })
      return count
    },
  }
}

function isPolicyKey(key: string): key is PolicyKey {
  return policyKeys.some(known => known === key)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

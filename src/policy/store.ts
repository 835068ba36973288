import type { PolicyKey } from '../contracts/decision.ts'
import { policyKeys } from '../contracts/decision.ts'
import type { Prisma, PrismaClient } from '../database/generated/client.ts'
import { effectiveDocuments, type PolicyDocuments, policyDocuments } from './documents.ts'

type Layer = Partial<Record<PolicyKey, unknown>>
export type PolicyStore = ReturnType<typeof createPolicyStore>

/** Policies in the database: `policy` holds what applies to all, `customer_policy` what differs for one customer. */
export function createPolicyStore(prisma: PrismaClient) {
  async function layers(customerId: string | null): Promise<{ general: Layer; own: Layer }> {
    const rows = await prisma.policy.findMany({
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

  /** Sets fields of a document for one customer, or with null for everyone. Throws `InvalidPolicyError`. */
  async function set(key: PolicyKey, fields: unknown, customerId: string | null): Promise<void> {
    const { general, own } = await layers(customerId)
    const layer = customerId === null ? general : own
    const current = layer[key]
    const value = isObject(current) && isObject(fields) ? { ...current, ...fields } : fields
    const changed = { ...layer, [key]: value }
    effectiveDocuments(...(customerId === null ? [changed] : [general, changed]))
    const stored = value as Prisma.InputJsonValue
    if (customerId === null) {
      await prisma.policy.update({ where: { key }, data: { defaultValue: stored } })
      return
    }
    const { id: policyId } = await prisma.policy.findUniqueOrThrow({ where: { key }, select: { id: true } })
    await prisma.customerPolicy.upsert({
      where: { customerId_policyId: { customerId, policyId } },
      create: { customerId, policyId, value: stored },
      update: { value: stored },
    })
  }

  return {
    load,
    set,

    /** Approves external providers for a customer, besides those approved before. Throws `InvalidPolicyError`. */
    async approve(providers: readonly string[], customerId: string): Promise<void> {
      const { block_external_models } = await load(customerId)
      const approved = new Set([...block_external_models.approved_providers, ...providers])
      await set('block_external_models', { approved_providers: [...approved] }, customerId)
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

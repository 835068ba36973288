import type { PolicyKey } from '../../contracts/decision.ts'
import type { Prisma } from '../../database/generated/client.ts'
import { knownLayer, type Layer } from './layer.ts'

/** What is set for everyone, and on top of it for one customer: for everyone, nothing. */
export type Layers = { general: Layer; own: Layer }

/** A layer and whose it is: everyone's has neither id nor address. */
export type OwnedLayer = { customerId: string | null; email: string | null; documents: Layer }

/** Writes a document of a layer; one that is undefined is set no more. */
export type WriteDocument = (key: PolicyKey, customerId: string | null, document: unknown) => Promise<void>

/** What is set, in the tables `policy` (for everyone) and `customer_policy` (what differs for one customer). */
export function createLayerStore(prisma: Prisma.TransactionClient) {
  async function read(customerId: string | null): Promise<Layers> {
    const rows = await prisma.policy.findMany({
      select: {
        key: true,
        defaultValue: true,
        customers: { where: customerId === null ? { id: { in: [] } } : { customerId }, select: { value: true } },
      },
    })
    return {
      general: knownLayer(rows.map(({ key, defaultValue }) => [key, defaultValue])),
      own: knownLayer(rows.flatMap(({ key, customers: [own] }) => (own ? [[key, own.value]] : []))),
    }
  }

  return {
    read,

    /** Everyone's layer first, and then those of the customers that differ, by their addresses. */
    async readAll(): Promise<OwnedLayer[]> {
      const [{ general }, customers] = await Promise.all([
        read(null),
        prisma.customer.findMany({
          where: { policies: { some: {} } },
          select: { id: true, email: true, policies: { select: { value: true, policy: { select: { key: true } } } } },
          orderBy: { email: 'asc' },
        }),
      ])
      return [
        { customerId: null, email: null, documents: general },
        ...customers.map(({ id, email, policies }) => ({
          customerId: id,
          email,
          documents: knownLayer(policies.map(({ policy, value }) => [policy.key, value])),
        })),
      ]
    },

    /** Until the transaction ends, other writers wait, those by hand as well. */
    async lock(): Promise<WriteDocument> {
      const rows = await prisma.$queryRaw<{ id: string; key: string }[]>`
        SELECT id, key FROM policy ORDER BY key FOR UPDATE`
      const ids = new Map(rows.map(({ id, key }) => [key, id]))

      return async function write(key, customerId, document) {
        const policyId = ids.get(key)
        if (policyId === undefined)
          throw new Error(`The policy ${key} is not in the database. Run: npm run seed-policies`)
        const value = document as Prisma.InputJsonValue
        if (customerId === null) {
          await prisma.policy.update({ where: { id: policyId }, data: { defaultValue: value } })
        } else if (document === undefined) {
          await prisma.customerPolicy.deleteMany({ where: { customerId, policyId } })
        } else {
          await prisma.customerPolicy.upsert({
            where: { customerId_policyId: { customerId, policyId } },
            create: { customerId, policyId, value },
            update: { value },
          })
        }
      }
    },
  }
}

import type { Prisma } from '../../database/generated/client.ts'
import type { Policy } from '../compile.ts'
import { effectiveDocuments, type PolicyDocuments } from '../documents.ts'
import { knownLayer } from '../layers/layer.ts'
import type { PolicyVersion } from '../versions.ts'

type Row = Omit<PolicyVersion, 'documents'> & { documents: Prisma.JsonValue }

const columns = { number: true, author: true, note: true, hash: true, documents: true, createdAt: true } as const

/**
 * Versions of the layers, and every effective set that judged by the hash that its decisions name. Rows are only ever
 * added: the database refuses the rest.
 */
export function createHistoryStore(prisma: Prisma.TransactionClient) {
  return {
    /** Newest first. With null for everyone. */
    async list(customerId: string | null): Promise<PolicyVersion[]> {
      const rows = await prisma.policyVersion.findMany({
        where: { customerId },
        orderBy: { number: 'desc' },
        select: columns,
      })
      return rows.map(versionOf)
    },

    /** The number of the newest version of every layer that has one. */
    async numbers(): Promise<ReadonlyMap<string | null, number>> {
      const rows = await prisma.policyVersion.groupBy({ by: ['customerId'], _max: { number: true } })
      return new Map(rows.map(({ customerId, _max }) => [customerId, _max.number ?? 0]))
    },

    async latest(customerId: string | null): Promise<PolicyVersion | null> {
      const row = await prisma.policyVersion.findFirst({
        where: { customerId },
        orderBy: { number: 'desc' },
        select: columns,
      })
      return row && versionOf(row)
    },

    async find(customerId: string | null, number: number): Promise<PolicyVersion | null> {
      const row = await prisma.policyVersion.findFirst({ where: { customerId, number }, select: columns })
      return row && versionOf(row)
    },

    async append(customerId: string | null, version: Omit<PolicyVersion, 'createdAt'>): Promise<PolicyVersion> {
      const documents = version.documents as Prisma.InputJsonObject
      return versionOf(
        await prisma.policyVersion.create({ data: { ...version, customerId, documents }, select: columns }),
      )
    },

    /** Keeps the set of documents that judges from now on, unless it is known. */
    async keepSet({ version, documents }: Pick<Policy, 'version' | 'documents'>): Promise<void> {
      await prisma.policySet.createMany({ data: { hash: version, documents }, skipDuplicates: true })
    },

    /** The set of documents that judged under a hash, or null. Throws `InvalidPolicyError`. */
    async effectiveSet(hash: string): Promise<PolicyDocuments | null> {
      const row = await prisma.policySet.findUnique({ where: { hash }, select: { documents: true } })
      return row && effectiveDocuments(knownLayer(Object.entries(Object(row.documents))))
    },
  }
}

function versionOf({ documents, ...row }: Row): PolicyVersion {
  return { ...row, documents: knownLayer(Object.entries(Object(documents))) }
}

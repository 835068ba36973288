import type { Database } from '../database/client.ts'

export type AuditStore = ReturnType<typeof createAuditStore>

/** The `usage_log` table, for those who neither write nor judge it. */
export function createAuditStore({ prisma }: Pick<Database, 'prisma'>) {
  return {
    /** US dollars of a customer's calls since a moment, as far as their cost is known. */
    async costSince(customerId: string, since: Date): Promise<number> {
      const { _sum } = await prisma.usageLog.aggregate({
        where: { customerId, createdAt: { gte: since } },
        _sum: { costUsd: true },
      })
      return _sum.costUsd?.toNumber() ?? 0
    },
  }
}

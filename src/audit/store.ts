import type { Database } from '../database/client.ts'

export type AuditStore = ReturnType<typeof createAuditStore>

/** The `usage_log` table, for those who do not write it. */
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

    /** How many rows are older than a moment. */
    countOlder(than: Date): Promise<number> {
      return prisma.usageLog.count({ where: { createdAt: { lt: than } } })
    },

    /** Deletes what is older than a moment, `batch` rows a transaction. Returns how many rows went. */
    async prune(olderThan: Date, batch: number): Promise<number> {
      let deleted = 0
      for (;;) {
        // Rows that another cleaner holds are its own to delete.
        const [, count] = await prisma.$transaction([
          prisma.$executeRaw`SET LOCAL governance.retention = 'on'`,
          prisma.$executeRaw`
            DELETE FROM usage_log WHERE id IN (
              SELECT id FROM usage_log WHERE created_at < ${olderThan}
              ORDER BY created_at LIMIT ${batch} FOR UPDATE SKIP LOCKED
            )`,
        ])
        if (count === 0) return deleted
        deleted += count
      }
    },
  }
}

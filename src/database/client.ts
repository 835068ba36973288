import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from './generated/client.ts'
import { openPool } from './pool.ts'

/** `pool` is what `prisma` runs on, for the few statements that have to cost less than it adds. */
export type Database = { url: string; prisma: PrismaClient; pool: pg.Pool; close(): Promise<void> }

type Options = {
  /** Connections of the pool. */
  connections?: number
}

/** Opens a pool on a PostgreSQL URL. Nothing connects before the first query. */
export function openDatabase(url: string, { connections = 5 }: Options = {}): Database {
  const pool = openPool(url, connections)
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, onConnectionError: () => {} })
  const prisma = new PrismaClient({ adapter })
  return {
    url,
    prisma,
    pool,
    async close() {
      await prisma.$disconnect()
      // Prisma ends the pool that it used, and leaves one alone that it never did.
      if (!pool.ended) await pool.end()
    },
  }
}

import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'

/** `pool` is what `prisma` runs on, for the few statements that have to cost less than it adds. */
export type Database = { url: string; prisma: PrismaClient; pool: pg.Pool; close(): Promise<void> }

type Options = {
  /** Connections of the pool. */
  connections?: number
}

/** Opens a pool on a PostgreSQL URL. Nothing connects before the first query. */
export function openDatabase(url: string, { connections = 5 }: Options = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // The server gives up first; the client's own limit covers a server that is gone.
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'ai-governance-proxy',
  })
  // A connection lost while idle is replaced by the pool; a query that needs one reports its own error.
  pool.on('error', () => {})
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

import type pg from 'pg'
import { connectEmbedded } from './embedded.ts'
import { openPool } from './pool.ts'

export type Connection = { url: string; pool: pg.Pool; close(): Promise<void> }

export type DatabaseSettings = { databaseUrl: string | null; dataDir: string; databaseConnections?: number }

/** Opens a pool on a PostgreSQL URL. Nothing connects before the first query. */
export function openConnection(url: string, connections = 5): Connection {
  const pool = openPool(url, connections)
  return {
    url,
    pool,
    async close() {
      // Prisma ends the pool that it used, and leaves one alone that it never did.
      if (!pool.ended) await pool.end()
    },
  }
}

/** Opens the configured PostgreSQL, or else the embedded one. `close` also stops what this started. */
export async function connect({ databaseUrl, dataDir, databaseConnections }: DatabaseSettings): Promise<Connection> {
  if (databaseUrl !== null) return openConnection(databaseUrl, databaseConnections)
  const embedded = await connectEmbedded({ dataDir })
  const connection = openConnection(embedded.url, databaseConnections)
  return {
    ...connection,
    async close() {
      await connection.close()
      await embedded.stop()
    },
  }
}

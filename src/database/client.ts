import { PrismaPg } from '@prisma/adapter-pg'
import { type Connection, connect, type DatabaseSettings, openConnection } from './connect.ts'
import { PrismaClient } from './generated/client.ts'

/** `pool` is what `prisma` runs on, for the few statements that have to cost less than it adds. */
export type Database = Connection & { prisma: PrismaClient }

/** Opens a PostgreSQL URL. Nothing connects before the first query. */
export const openDatabase = (url: string): Database => withPrisma(openConnection(url))

/** Opens the configured PostgreSQL, or else the embedded one. `close` also stops what this started. */
export const connectDatabase = async (settings: DatabaseSettings): Promise<Database> =>
  withPrisma(await connect(settings))

function withPrisma(connection: Connection): Database {
  const adapter = new PrismaPg(connection.pool, { disposeExternalPool: true, onConnectionError: () => {} })
  const prisma = new PrismaClient({ adapter })
  return {
    ...connection,
    prisma,
    async close() {
      await prisma.$disconnect()
      await connection.close()
    },
  }
}

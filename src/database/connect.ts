import { type Database, openDatabase } from './client.ts'
import { connectEmbedded } from './embedded.ts'

type Settings = { databaseUrl: string | null; dataDir: string; databaseConnections?: number }

/** Opens the configured PostgreSQL, or else the embedded one. `close` also stops what this started. */
export async function connectDatabase({ databaseUrl, dataDir, databaseConnections }: Settings): Promise<Database> {
  const options = databaseConnections === undefined ? {} : { connections: databaseConnections }
  if (databaseUrl !== null) return openDatabase(databaseUrl, options)
  const embedded = await connectEmbedded({ dataDir })
  const database = openDatabase(embedded.url, options)
  return {
    ...database,
    async close() {
      await database.close()
      await embedded.stop()
    },
  }
}

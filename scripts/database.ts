import { type Config, loadConfig } from '../src/config.ts'
import { connectDatabase, type Database } from '../src/database/client.ts'
import { migrate } from '../src/database/migrate.ts'

/** Opens the configured database, brought up to date as the server would, for the length of a command. */
export async function withDatabase<T>(use: (database: Database, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig()
  const database = await connectDatabase(config)
  try {
    if (config.migrateOnStart) await migrate(database.url)
    return await use(database, config)
  } finally {
    await database.close()
  }
}

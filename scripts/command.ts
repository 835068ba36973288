import { type Config, loadConfig } from '../src/config.ts'
import type { Database } from '../src/database/client.ts'
import { connectDatabase } from '../src/database/connect.ts'
import { migrate } from '../src/database/migrate.ts'

/** A fault in what was typed, in words for the person who typed it. */
export class CommandError extends Error {}

/**
 * Runs a command line: exit code 0 when it succeeds, 2 when it was used wrongly, 1 when it failed.
 * Errors of `parseArgs` and ours are shown with the usage; others by their message.
 */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    const misused = error instanceof CommandError || (error instanceof TypeError && 'code' in error)
    console.error(error instanceof Error ? error.message : 'The command failed.')
    if (misused) console.error(`\n${usage}`)
    process.exitCode = misused ? 2 : 1
  }
}

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

// Brings the database up to date: npm run migrate [-- --rolled-back <migration>]
import { parseArgs } from 'node:util'
import { loadConfig } from '../src/config.ts'
import { connectDatabase } from '../src/database/client.ts'
import { markRolledBack, migrate } from '../src/database/migrate.ts'

const usage = 'Usage: npm run migrate [-- --rolled-back <migration that failed and whose cause is removed>]'

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { 'rolled-back': { type: 'string' } } })
  const settled = values['rolled-back']
  const database = await connectDatabase(loadConfig(process.env))
  try {
    if (settled !== undefined) {
      await markRolledBack(database.url, settled)
      console.log(`${settled} will be applied again.`)
    }
    const applied = await migrate(database.url)
    for (const name of applied) console.log(`Applied ${name}`)
    if (applied.length === 0) console.log('The database is up to date.')
  } finally {
    await database.close()
  }
}

try {
  await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The migration failed.')
  if (error instanceof TypeError) console.error(usage)
  process.exitCode = 1
}

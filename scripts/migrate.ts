// Brings the database up to date: npm run migrate [-- --rolled-back <migration>]
import { parseArgs } from 'node:util'
import { loadConfig } from '../src/config.ts'
import { connectDatabase } from '../src/database/client.ts'
import { markRolledBack, migrate } from '../src/database/migrate.ts'
import { runCommand } from './command.ts'

const usage = 'Usage: npm run migrate [-- --rolled-back <migration that failed and whose cause is removed>]'

await runCommand(usage, async () => {
  const { values } = parseArgs({ options: { 'rolled-back': { type: 'string' } } })
  const settled = values['rolled-back']
  const database = await connectDatabase(loadConfig())
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
})

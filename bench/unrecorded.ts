// The proxy as src/server.ts runs it, but for the record: no call leaves a trace. What the audit costs is the
// difference.
import { buildApp } from '../src/app.ts'
import type { Journal } from '../src/audit/journal.ts'
import { loadConfig } from '../src/config.ts'
import { connectDatabase } from '../src/database/client.ts'
import { keepTicksFast } from '../src/fast-ticks.ts'
import { createLog } from '../src/log.ts'

const nothing: Journal = {
  name: 'no journal',
  async start() {},
  async stop() {},
  async open() {},
  close() {},
  async enter() {},
  miss() {},
  status: () => ({ accepting: true, bytes: 0, ageMs: 0, missed: 0 }),
}

keepTicksFast()
const config = loadConfig()
const database = await connectDatabase(config)
const { providers, host, port } = config
const app = await buildApp({ config, database, providers, log: createLog('info'), report() {}, journal: nothing })
process.once('SIGTERM', async () => {
  await app.close()
  await database.close()
  process.exit()
})
await app.listen({ host, port })

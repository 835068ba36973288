import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { buildApp } from '../../src/app.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import type { Database } from '../../src/database/client.ts'
import { createKeyStore } from '../../src/keys/store.ts'
import { createLog } from '../../src/log.ts'
import { createPolicyStore } from '../../src/policy/store.ts'

type Options = {
  database: Database
  /** Environment of the proxy. `OPENAI_BASE_URL` and `OPENAI_API_KEY` point it at a fake upstream. */
  env?: Record<string, string>
  /** Policies of the customer that is made. By default it approves openai. */
  policies?: Partial<Record<PolicyKey, unknown>>
}

export const upstreamKey = 'sk-upstream-credential'

/** A whole proxy on a port of its own, with one customer and one key. Stop it before its database. */
export async function startProxy({ database, env = {}, policies = {} }: Options) {
  const lines: string[] = []
  const reports: Error[] = []
  const dataDir = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'governance-proxy-')))
  const config: Config = loadConfig({ LOG_LEVEL: 'trace', OPENAI_API_KEY: upstreamKey, ...env, DATA_DIR: dataDir })
  const log = createLog(
    config.logLevel,
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    }),
  )
  const policyStore = createPolicyStore(database.prisma)
  await policyStore.seed()
  const app = await buildApp({
    config,
    database,
    providers: config.providers,
    log,
    report: error => reports.push(error),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  async function addCustomer(own: Partial<Record<PolicyKey, unknown>> = {}) {
    const { token, customerId, id } = await createKeyStore(database.prisma).create({
      email: `${randomUUID()}@example.com`,
    })
    const documents = { block_external_models: { approved_providers: ['openai'] }, ...policies, ...own }
    for (const [key, value] of Object.entries(documents)) await policyStore.set(key as PolicyKey, value, customerId)
    return { token, customerId, keyId: id }
  }

  return {
    app,
    url,
    ...(await addCustomer()),
    addCustomer,
    /** What was written to the log, one JSON text a line. */
    lines,
    /** What would have gone to Sentry. */
    reports,
    /** The rows of the audit log, of one key if it is given, once `count` of them are there. */
    async records(count: number, keyId?: string) {
      const deadline = Date.now() + 10_000
      for (;;) {
        const rows = await database.prisma.usageLog.findMany({
          where: keyId === undefined ? {} : { apiKeyId: keyId },
          orderBy: { createdAt: 'asc' },
        })
        if (rows.length >= count || Date.now() > deadline) return rows
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async stop() {
      await app.close()
      if (env.DATA_DIR === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectDatabase } from '../src/database/client.ts'
import { freePort, startChild } from './child.ts'
import type { Target, TargetName } from './peers.ts'

/** `records` counts the calls that the audit log has as completed. */
export type Governed = Target & { records(): Promise<number> }

const root = fileURLToPath(new URL('..', import.meta.url))

/** Documents of every kind that judges, and a limit that this load does not reach. */
const policies = {
  rate_limit: { requests: 10_000_000, window_seconds: 60 },
  allowed_models: { models: ['gpt-4o*', 'gpt-5*', 'o3*'] },
  allowed_operations: { operations: ['chat.completions.*', 'responses.*', 'embeddings.*', 'models.*'] },
  block_personal_data: { enabled: true },
  block_uninspectable_content: { enabled: true },
  risk_threshold: { threshold: 50 },
}

/**
 * This proxy as `npm start` runs it, with everything on: a real key, limits, inspection, policies, and the record in
 * the embedded database or, given its URL, in PostgreSQL. `nodeOptions` are added to those of `npm start`. Without
 * `recorded`, all the same but the record.
 */
export async function startGoverned(
  upstream: string,
  databaseUrl: string | null,
  { nodeOptions = [], recorded = true }: { nodeOptions?: string[]; recorded?: boolean } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'governance-bench-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  const port = await freePort()
  const env = {
    DATA_DIR: dataDir,
    PORT: String(port),
    NODE_ENV: 'production',
    OPENAI_API_KEY: 'sk',
    OPENAI_BASE_URL: `${upstream}/v1`,
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  }
  const script = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: root, env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' })
  if (databaseUrl !== null) script('scripts/migrate.ts')
  const email = `bench-${process.pid}@example.com`
  const { token, key_id: keyId } = JSON.parse(script('scripts/key.ts', email, '--approve', 'openai', '--json'))
  for (const [key, value] of Object.entries(policies)) {
    script('scripts/policy.ts', 'set', key, JSON.stringify(value), '--customer', email)
  }
  const child = await startChild({
    args: startArguments(nodeOptions, recorded ? null : 'bench/unrecorded.ts'),
    env,
    cwd: root,
    core: 'measured',
    ready: 'Server listening',
  })
  const governed: Governed = {
    ...child,
    name: nameOf(databaseUrl, recorded),
    title: `governed${databaseUrl === null ? '' : ', on PostgreSQL'}${recorded ? '' : ', without a record'}`,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    async records() {
      const database = await connectDatabase({ databaseUrl, dataDir })
      const count = await database.prisma.usageLog.count({ where: { apiKeyId: keyId, outcome: 'completed' } })
      await database.close()
      return count
    },
  }
  return governed
}

function nameOf(databaseUrl: string | null, recorded: boolean): TargetName {
  if (databaseUrl === null) return recorded ? 'governed' : 'unrecorded'
  return recorded ? 'postgres' : 'postgres-unrecorded'
}

/** What `npm start` gives to Node, without the settings of whoever runs this, and with more options for Node. */
function startArguments(nodeOptions: string[], instead: string | null): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, ...args] = String(scripts.start).replace('--import ./scripts/env-file.ts ', '').split(' ')
  const script = args.pop() ?? ''
  return [...args, ...nodeOptions, instead ?? script]
}

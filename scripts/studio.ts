// Opens Prisma Studio on the configured or the embedded database, also while the proxy runs:
// npm run studio [-- --port 5555 --browser none]
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { loadConfig } from '../src/config.ts'
import { connectDatabase } from '../src/database/client.ts'
import { runCommand } from './command.ts'

const usage = 'Usage: npm run studio [-- --port <port>] [--browser none]'

const cli = createRequire(import.meta.url).resolve('prisma/build/index.js')

async function openStudio(given: string[]): Promise<number> {
  const database = await connectDatabase(loadConfig())
  try {
    const { url, env } = forStudio(database.url)
    const studio = spawn(process.execPath, [cli, 'studio', '--url', url, ...given], {
      stdio: 'inherit',
      // Studio needs no engine binary; naming any executable keeps the CLI from downloading one.
      env: { ...process.env, ...env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    })
    // Studio gets the terminal's interrupt itself; the database has to outlive it.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => studio.kill(signal))
    return await new Promise<number>((resolve, reject) => {
      studio.once('error', reject)
      studio.once('exit', code => resolve(code ?? 0))
    })
  } finally {
    await database.close()
  }
}

/**
 * Studio's driver, postgres.js, takes from the environment what the URL leaves out. A password on the command line
 * would show in the process list. And it would send `?host=` to the server as a setting and connect elsewhere.
 */
function forStudio(database: string) {
  const url = new URL(database)
  const socketDir = url.searchParams.get('host')
  const env = { PGPASSWORD: decodeURIComponent(url.password) }
  if (socketDir !== null) {
    return {
      url: `postgres://${url.pathname}`,
      env: { ...env, PGHOST: socketDir, PGUSER: decodeURIComponent(url.username) },
    }
  }
  url.password = ''
  return { url: url.href, env }
}

await runCommand(usage, async () => {
  process.exitCode = await openStudio(process.argv.slice(2))
})

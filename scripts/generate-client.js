// Runs after installation, on whatever Node the machine has: hence JavaScript.
// Prisma insists on an engine binary that generation does not use, and would download it; any executable satisfies it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = `${root}node_modules/prisma/build/index.js`

// An installation without development dependencies brings the client that was generated before.
if (existsSync(cli)) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'generate'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
  process.exitCode = status ?? 1
}

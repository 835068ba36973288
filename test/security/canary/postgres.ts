// A PostgreSQL of its own, because what its files hold is looked into.
import { execFile, execFileSync } from 'node:child_process'
import { chownSync, globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where PostgreSQL's programs are, or null. */
export const postgresPrograms =
  globSync('/usr/lib/postgresql/*/bin/initdb')
    .toSorted()
    .at(-1)
    ?.replace(/\/initdb$/, '') ?? null

/** Starts a server on a free port. Its data directory holds its write-ahead log and its own log, too. */
export async function startPostgres(programs: string) {
  const directory = await mkdtemp(join(tmpdir(), 'governance-postgres-'))
  const port = await freePort()
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const [command, ...before] = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env']
  if (isRoot) chownSync(directory, idOf('u'), idOf('g'))
  const execute = (program: string, ...values: string[]) =>
    run(command ?? '', [...before, join(programs, program), '-D', directory, ...values], { cwd: '/' })
  await execute('initdb', '-A', 'trust', '-U', 'postgres')
  const settings = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=off`
  await execute('pg_ctl', '-w', '-l', join(directory, 'server.log'), '-o', settings, 'start')
  return {
    directory,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await execute('pg_ctl', '-w', '-m', 'immediate', 'stop')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function idOf(kind: 'u' | 'g'): number {
  return Number(execFileSync('id', [`-${kind}`, 'postgres'], { encoding: 'utf8' }))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

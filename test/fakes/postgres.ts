import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { postgresUrl } from './servers.ts'

const installed = '/usr/lib/postgresql'

/**
 * Where Debian keeps the newest PostgreSQL's programs; null without them, and in a run that is to do without
 * PostgreSQL.
 */
export function postgresPrograms(): string | null {
  if (postgresUrl === null || !existsSync(installed)) return null
  const [newest] = readdirSync(installed).sort((a, b) => Number(b) - Number(a))
  const programs = join(installed, newest ?? '', 'bin')
  return newest !== undefined && existsSync(join(programs, 'initdb')) ? programs : null
}

/** PostgreSQL refuses to run as root. */
function asUser(program: string, given: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, [...given]]
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', program, ...given]]
}

/** A PostgreSQL server of one's own, on files of its own, that can be stopped, started and frozen. */
export async function startPostgres(programs: string) {
  const data = mkdtempSync(join(tmpdir(), 'governance-postgres-'))
  if (process.getuid?.() === 0) {
    const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    chownSync(data, idOf('-u'), idOf('-g'))
  }
  const [initdb, initdbArguments] = asUser(join(programs, 'initdb'), [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-N',
  ])
  execFileSync(initdb, initdbArguments, { cwd: '/', stdio: 'ignore' })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess

  async function start(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      `unix_socket_directories=${data}`,
      'fsync=off',
      'logging_collector=on',
    ]
    const [program, given] = asUser(join(programs, 'postgres'), ['-D', data, ...settings.flatMap(one => ['-c', one])])
    server = spawn(program, given, { cwd: '/', stdio: 'ignore' })
    while (!(await answers(url))) await sleep(100)
  }

  async function stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }

  /** The server and a process for each of its connections. */
  function signalAll(signal: NodeJS.Signals): void {
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ')
    for (const pid of [server.pid, ...children.map(Number)]) if (pid) process.kill(pid, signal)
  }

  await start()
  return {
    url,
    /** Its data, its write-ahead log and its own log. */
    directory: data,
    start,
    /** By SIGINT clients are sent away, by SIGQUIT nothing is written any more and the next start recovers. */
    stop,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async remove(): Promise<void> {
      if (server.exitCode === null && server.signalCode === null) {
        signalAll('SIGCONT')
        await stop('SIGQUIT')
      }
      // Processes of its connections may still be about to end, and write.
      rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

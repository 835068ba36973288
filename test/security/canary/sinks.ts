// Whatever a call could leave a trace in.
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { Redis } from 'ioredis'
import type { Database } from '../../../src/database/client.ts'

const run = promisify(execFile)

/** Sinks by name, each as the bytes that it holds. */
export type Sinks = Map<string, Buffer>

/** All files under a directory whose paths fit, one after another. */
export async function filesIn(directory: string, fits = /./): Promise<Buffer> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => fits.test(path))
  // The name of a file can hold what its content does not.
  return Buffer.concat(await Promise.all(files.flatMap(file => [Buffer.from(`\n${file}\n`), readFile(file)])))
}

/** Every row of every table, as text. */
export async function rowsIn({ pool }: Pick<Database, 'pool'>): Promise<Buffer> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^pg_|^information_schema'`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    texts.push(name, ...rows.map(({ row }) => row))
  }
  return Buffer.from(texts.join('\n'))
}

/** A receiver of what is posted: Sentry's reports, or checkpoints. */
export async function startReceiver() {
  const posts: Buffer[] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [Buffer.from(`${request.url}\n${JSON.stringify(request.headers)}\n`)]
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const [head, ...body] = chunks as [Buffer, ...Buffer[]]
      const whole = Buffer.concat(body)
      posts.push(head, request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole)
      response.end('{}')
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  return {
    port,
    posts: () => Buffer.concat(posts),
    stop: () => new Promise(resolve => receiver.close(resolve)),
  }
}

/** Every command that Redis is sent, by whomever, and what it holds. */
export async function watchRedis(url: string) {
  const commands: string[] = []
  const connection = new Redis(url)
  const monitor = await connection.monitor()
  monitor.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')))
  return {
    commands: () => Buffer.from(commands.join('\n')),
    async memory(): Promise<Buffer> {
      const pieces: Buffer[] = []
      for await (const keys of connection.scanStream({ count: 1000 })) {
        for (const key of keys as string[]) {
          pieces.push(Buffer.from(`\n${key}\n`), (await connection.dumpBuffer(key)) ?? Buffer.alloc(0))
        }
      }
      return Buffer.concat(pieces)
    },
    async plant(word: string): Promise<void> {
      await connection.set(`planted:${word}`, word, 'EX', 60)
    },
    async stop() {
      monitor.disconnect()
      connection.disconnect()
    },
  }
}

/** What the command that shows and writes out the log says. */
export async function commandSinks(env: NodeJS.ProcessEnv): Promise<Sinks> {
  const commands = [
    ...['jsonl', 'csv', 'parquet'].map(format => ['export', '--format', format]),
    ['query', '--json', '--limit', '1000'],
  ]
  const options = { env, encoding: 'buffer', maxBuffer: 1 << 28 } as const
  const sinks = commands.map(async args => {
    const { stdout, stderr } = await run(process.execPath, ['scripts/audit.ts', ...args], options)
    return [`audit ${args.join(' ')}`, Buffer.concat([stdout, stderr])] as const
  })
  return new Map(await Promise.all(sinks))
}

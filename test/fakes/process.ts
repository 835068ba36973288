import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connectDatabase } from '../../src/database/client.ts'

/**
 * All that a process gets besides its settings. Compiled code is kept, as tests start the same code again and again.
 */
const environment = {
  PATH: process.env.PATH,
  WARM_UP_MS: '0',
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/governance-test/compiled', import.meta.url)),
}

export type ServerProcess = Awaited<ReturnType<typeof startServer>>

/**
 * The proxy as its own process on a free port, as `npm start` runs it, but for code of the embedded database that is
 * not worth optimising. Resolves once it listens. The signal kills it hard.
 */
export async function startServer(env: NodeJS.ProcessEnv, signal?: AbortSignal) {
  const child: ChildProcess = spawn(process.execPath, ['--liftoff-only', 'src/server.ts'], {
    env: { ...environment, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  })
  // Where the signal killed it, its end tells as much.
  child.on('error', () => {})
  const output: Buffer[] = []
  const text = () => Buffer.concat(output).toString('utf8')
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output.push(chunk)
      const listening = /Server listening at (http:\/\/[\d.:]+)/.exec(text())?.[1]
      if (listening !== undefined) resolve(listening)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('exit', code => reject(new Error(`The server ended with code ${code}:\n${text()}`)))
  })

  return {
    url,
    child,
    /** Everything that it wrote so far, to standard output and error. */
    text,
    /** The key that the first start shows, once it is shown. */
    async firstKey(): Promise<string> {
      for (;;) {
        const token = /api_[\w.-]+/.exec(text())?.[0]
        if (token !== undefined) return token
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    /** Ends it with a signal, and resolves to its exit code. */
    async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise(resolve => child.once('exit', resolve))
        child.kill(signal)
        await ended
      }
      return child.exitCode
    },
  }
}

/** A script with its arguments, as its npm command runs it. */
export function runScript(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { env: { ...environment, ...env } }
  return new Promise(resolve => {
    const child = execFile(process.execPath, [`scripts/${script}.ts`, ...args], options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

/** The smallest chat. */
export function chat(url: string, token: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"model":"gpt-4o","messages":[]}',
  })
}

/** The ids of every record in the embedded database of a process that has ended. */
export async function recordedIds(dataDir: string): Promise<Set<string>> {
  const database = await connectDatabase({ databaseUrl: null, dataDir })
  try {
    return new Set((await database.prisma.usageLog.findMany({ select: { id: true } })).map(({ id }) => id))
  } finally {
    await database.close()
  }
}

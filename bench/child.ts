import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Two cores are told apart: what is measured runs on the first, what measures it and what it calls on the others. With
 * `BENCH_PINNED=false` all share all.
 */
export const pinned = process.env.BENCH_PINNED !== 'false' && availableParallelism() > 1 && hasTaskset()
const last = availableParallelism() - 1
const cores = { measured: '0', rest: `1-${last}`, all: `0-${last}` }

export type Child = {
  residentMiB(): number
  /** Processor time so far, of all its threads, in milliseconds. NaN where the system does not tell (Linux does). */
  cpuMs(): number
  /** Resolves once it does next to nothing, within seconds: what was put off during a load is then done. */
  idle(): Promise<void>
  stop(): Promise<void>
}

type Options = { args: string[]; env: NodeJS.ProcessEnv; cwd?: string; core: 'measured' | 'rest'; ready: string }

/** Keeps this process, which makes the load, off the core of what it measures. */
export function pinSelf(): void {
  setCores(String(process.pid), 'rest')
}

/** Moves a process with all its threads. Throws if that is not allowed. */
export function setCores(pid: string, to: keyof typeof cores): void {
  if (pinned) execFileSync('taskset', ['-a', '-c', '-p', cores[to], pid], { stdio: 'ignore' })
}

/** Starts a Node program, and resolves once it has written what says that it is ready. */
export async function startChild({ args, env, cwd, core, ready }: Options): Promise<Child> {
  const command = pinned ? ['taskset', '-c', cores[core], process.execPath, ...args] : [process.execPath, ...args]
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-65_536)
      if (output.includes(ready)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', code => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)))
  })
  return {
    residentMiB: () => Number(/VmRSS:\s+(\d+)/.exec(proc(child, 'status'))?.[1]) / 1024,
    cpuMs: () => cpuMs(child),
    async idle() {
      const stepMs = 250
      for (let step = 0, before = cpuMs(child); step < 40; step++) {
        await sleep(stepMs)
        const now = cpuMs(child)
        if (!(now - before > stepMs * 0.08)) return
        before = now
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free')
  return address.port
}

/** Fields 14 and 15 of proc(5)'s `stat`: user and system time, in ticks of 10 ms. */
function cpuMs(child: ChildProcess): number {
  const fields = proc(child, 'stat').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** A file of the process that was started (taskset replaces itself by it), empty where there is none. */
function proc({ pid }: ChildProcess, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

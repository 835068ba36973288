import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { isAlive, readLock, takeLock } from '../lock.ts'
import type { Served, ServeOptions } from './embedded-worker.ts'

/** Longest path of a Unix socket that every platform takes (sun_path is 104 bytes on macOS). */
const longestSocketPath = 103
const attachWaitMs = 60_000
const takeoverPollMs = 250

export type EmbeddedDatabase = { url: string; stop(): Promise<void> }

/**
 * Starts the embedded PostgreSQL on `<dataDir>/postgres`. Throws when another living process has it open:
 * a second one on the same files would destroy them.
 */
export async function startEmbedded({ dataDir }: { dataDir: string }): Promise<EmbeddedDatabase> {
  const started = await tryStart(resolve(dataDir))
  if (started === null) throw new Error(`Another process has the embedded database in ${resolve(dataDir)} open.`)
  return started
}

/**
 * Attaches to the embedded database of a running process, or starts it here when there is none.
 * When the process that serves it ends, an attached one goes on serving it under the same URL.
 */
export async function connectEmbedded({ dataDir }: { dataDir: string }): Promise<EmbeddedDatabase> {
  const dir = resolve(dataDir)
  const deadline = performance.now() + attachWaitMs
  while (performance.now() < deadline) {
    const started = await tryStart(dir)
    if (started !== null) return started
    const holder = await readLock(lockFile(dir))
    if (holder?.url && (await isAlive(lockFile(dir), holder))) return attach(dir, holder.url)
    await sleep(50)
  }
  throw new Error(`Another process holds the embedded database in ${dir} and does not serve it.`)
}

const lockFile = (dir: string) => `${dir}/postgres.lock`

function attach(dir: string, url: string): EmbeddedDatabase {
  let own: EmbeddedDatabase | null = null
  let attempt: Promise<void> | null = null

  /** Where it fails, the database may still be closing; the next attempt is near. */
  const takeOver = () =>
    tryStart(dir, url).then(
      started => {
        own = started
      },
      () => {},
    )
  const poll = setInterval(() => {
    if (attempt !== null) return
    attempt = takeOver().finally(() => {
      attempt = null
      if (own !== null) clearInterval(poll)
    })
  }, takeoverPollMs)
  poll.unref()

  return {
    url,
    async stop() {
      clearInterval(poll)
      await attempt
      await own?.stop()
    },
  }
}

/** Null when a living process has the database open. `url` is the one under which clients know it already. */
async function tryStart(dir: string, url?: string): Promise<EmbeddedDatabase | null> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const lock = await takeLock(lockFile(dir))
  if (lock === null) return null
  let served: EmbeddedDatabase | undefined
  try {
    const options = { dataDir: `${dir}/postgres`, socketDir: await privateSocketDir(dir) }
    const markMade = await discardHalfMade(options.dataDir)
    served = await serveInWorker(url === undefined ? options : { ...options, url })
    await markMade()
    await lock.publish(served.url)
  } catch (error) {
    await served?.stop()
    await lock.release()
    throw error
  }
  const { stop } = served
  return {
    url: served.url,
    async stop() {
      await stop()
      await lock.release()
    },
  }
}

/** A process that was killed while it made the data directory leaves a part of one, without a row of anybody's. */
async function discardHalfMade(dir: string) {
  const marker = `${dir}.unfinished`
  if (existsSync(marker)) await rm(dir, { recursive: true, force: true })
  if (!existsSync(dir)) await writeFile(marker, '')
  return () => rm(marker, { force: true })
}

/** A directory that other users of the machine can't enter; null where a socket in it would have no usable path. */
async function privateSocketDir(dir: string) {
  const socketDir = `${dir}/socket`
  if (process.platform === 'win32' || Buffer.byteLength(`${socketDir}/.s.PGSQL.5432`) > longestSocketPath) return null
  await rm(socketDir, { recursive: true, force: true })
  await mkdir(socketDir, { mode: 0o700 })
  return socketDir
}

/**
 * Runs PGlite in a thread of its own: a query must not hold up the event loop that serves calls.
 * Should the thread die later, its error is thrown as uncaught: a proxy without its database has to be started again.
 */
export async function serveInWorker(options: ServeOptions): Promise<EmbeddedDatabase> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: options })
  const { promise: exited, resolve: onExit } = Promise.withResolvers<void>()
  worker.once('exit', () => onExit())
  const { promise, resolve: onServed, reject: onFailed } = Promise.withResolvers<Served>()
  worker.once('message', onServed)
  worker.once('error', onFailed)
  const served = await Promise.race([promise, exited])
  if (served === undefined) throw new Error('The embedded database ended before it could serve.')
  worker.off('error', onFailed)
  worker.unref()
  return {
    url: served.url,
    async stop() {
      worker.postMessage('stop')
      worker.ref()
      await exited
    },
  }
}

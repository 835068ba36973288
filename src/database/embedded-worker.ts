import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { giveWay } from '../thread-priority.ts'
import { serveWire } from './wire-server.ts'

export type ServeOptions = {
  /** Null keeps the database in memory. */
  dataDir: string | null
  /** Directory for the Unix socket; null listens on a port of 127.0.0.1. */
  socketDir: string | null
  /** The URL of an earlier server whose port and password this one takes over. */
  url?: string
  /** Archive of a data directory to begin with, made by PGlite's `dumpDataDir`. */
  snapshot?: string
}
export type Served = { url: string }

async function serve({ dataDir, socketDir, snapshot, url }: ServeOptions) {
  const db = await PGlite.create({
    ...(dataDir !== null && { dataDir }),
    ...(snapshot !== undefined && { loadDataDir: new Blob([await readFile(snapshot)]) }),
  })
  const served = socketDir === null ? await servePort(db, url) : await serveSocket(db, socketDir)
  parentPort?.once('message', async () => {
    await served.stop()
    await db.close()
    process.exit()
  })
  parentPort?.postMessage({ url: served.url } satisfies Served)
}

async function serveSocket(db: PGlite, socketDir: string) {
  const { stop } = await serveWire(db, { address: { path: `${socketDir}/.s.PGSQL.5432` }, password: null, onBroken })
  return { stop, url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(socketDir)}` }
}

/** Any user of the machine can reach a port: they also need the password, which only the lock file tells. */
async function servePort(db: PGlite, earlier: string | undefined) {
  const known = earlier === undefined ? null : new URL(earlier)
  const password = known?.password ?? randomBytes(16).toString('hex')
  const address = { host: '127.0.0.1', port: Number(known?.port ?? 0) }
  const { stop, port } = await serveWire(db, { address, password, onBroken })
  return { stop, url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` }
}

/** Ends the thread, and with it the process: its next start recovers what was committed. */
function onBroken(error: unknown) {
  setImmediate(() => {
    throw error
  })
}

giveWay()
await serve(workerData)

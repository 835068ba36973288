import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const heartbeatMs = 2_000
/** A holder on another host, or whose process can't be told apart, is dead after this much silence. */
const silenceMs = 15_000
const settleMs = 50

export type Holder = {
  token: string
  pid: number
  host: string
  /** When the process started, which tells it from a later one with the same id; null where the platform hides it. */
  startedAt: string | null
  /** Where it serves the database; null until it does. */
  url: string | null
}

export type Lock = { publish(url: string): Promise<void>; release(): Promise<void> }

/** Takes the lock file, or returns null when a living process holds it. */
export async function takeLock(file: string): Promise<Lock | null> {
  const own: Holder = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    startedAt: startTime(process.pid),
    url: null,
  }
  const holder = await readLock(file)
  if (holder !== null) {
    if (await isAlive(file, holder)) return null
    await moveAside(file, holder)
  }
  // Written aside and linked, so that nobody reads half a lock; linking fails when the file exists.
  if (!(await place(file, own))) return null
  if (holder !== null && !(await isSettled(file, own))) return null

  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => {})
  }, heartbeatMs)
  heartbeat.unref()

  return {
    async publish(url) {
      const next = `${file}.${own.token}`
      await writeFile(next, JSON.stringify({ ...own, url }), { mode: 0o600 })
      await rename(next, file)
    },
    async release() {
      clearInterval(heartbeat)
      if ((await readLock(file))?.token === own.token) await rm(file, { force: true })
    },
  }
}

/** The process that the lock file names, alive or dead; null when there is none. */
export async function readLock(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

export async function isAlive(file: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) {
    if (!processExists(holder.pid) || hasEnded(holder.pid)) return false
    const startedAt = startTime(holder.pid)
    if (startedAt !== null && holder.startedAt !== null) return startedAt === holder.startedAt
  }
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }))
  return Date.now() - mtimeMs < silenceMs
}

function processExists(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether a process is over, and only waits for its parent to ask how it ended, which some parents in containers never
 * do.
 */
function hasEnded(pid: number): boolean {
  const state = statOf(pid)?.[0]
  return state === 'Z' || state === 'X'
}

/** Boot and clock ticks since boot; null where the platform hides them. */
function startTime(pid: number): string | null {
  const ticks = statOf(pid)?.[19]
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')
  return ticks === undefined || boot === null ? null : `${boot.trim()} ${ticks}`
}

/** The fields of Linux's proc_pid_stat(5) from the third on, the state. */
function statOf(pid: number): string[] | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

async function place(file: string, holder: Holder) {
  const draft = `${file}.${holder.token}`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Of several that find the same dead lock, a slow one may move a new lock aside, so a new lock has to last a moment.
 */
async function isSettled(file: string, own: Holder) {
  await sleep(settleMs)
  return (await readLock(file))?.token === own.token
}

/** Another process may have done the same and placed its own lock since: that one is put back. */
async function moveAside(file: string, dead: Holder) {
  if ((await readLock(file))?.token !== dead.token) return
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  const moved = await readLock(aside)
  if (moved !== null && moved.token !== dead.token) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

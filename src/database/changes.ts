import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'

/** Written by the triggers in prisma/migrations: ids, never content. */
const change = z.discriminatedUnion('table', [
  z.object({ table: z.literal('api_key'), id: z.string() }),
  z.object({ table: z.literal('customer_policy'), customer: z.string() }),
  z.object({ table: z.literal('policy') }),
])
export type Change = z.infer<typeof change>

type Options = {
  onChange(change: Change): void
  /** Changes may have been missed: whatever is cached may be old. */
  onGap(): void
  log: Log
  /** How often the connection is tried; a network can lose it without a word. */
  heartbeatMs?: number
}

const channel = 'governance_changes'
const firstDelayMs = 100
const longestDelayMs = 5_000
/** Longer than another client of the embedded database can hold its one session. */
const answerMs = 20_000

/**
 * Listens for changed keys and policies on a connection of its own, also those made by other processes.
 * `start` resolves once listening, or after a first attempt that failed; it then keeps trying.
 */
export function watchChanges(url: string, { onChange, onGap, log, heartbeatMs = 15_000 }: Options): Part {
  const stopping = new AbortController()
  let watching: Promise<void> = Promise.resolve()
  let current: pg.Client | undefined

  /** Connects and listens. `lost` resolves when the connection is gone. */
  async function listen() {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      keepAlive: true,
      application_name: 'ai-governance-proxy changes',
    })
    const { promise: lost, resolve: onLost } = Promise.withResolvers<void>()
    client.once('end', onLost)
    client.on('error', () => onLost())
    client.on('notification', ({ payload }) => {
      const read = readChange(payload)
      if (read === null) onGap()
      else onChange(read)
    })
    current = client
    try {
      await client.connect()
      await client.query(`LISTEN ${channel}`)
    } catch (error) {
      await drop(client)
      throw error
    }
    const heartbeat = setInterval(() => client.query('SELECT 1').catch(() => onLost()), heartbeatMs)
    heartbeat.unref()
    return {
      lost: lost.then(() => {
        clearInterval(heartbeat)
        return drop(client)
      }),
    }
  }

  async function attempt() {
    try {
      return await listen()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      log.warn({ code }, 'Changes of keys and policies cannot be watched; caches live to their TTL meanwhile')
      return null
    }
  }

  async function watch(first: Awaited<ReturnType<typeof attempt>>) {
    let connection = first
    let delay = firstDelayMs
    while (!stopping.signal.aborted) {
      if (connection !== null) {
        delay = firstDelayMs
        await connection.lost
        if (stopping.signal.aborted) return
        log.warn({}, 'The connection that watches changes was lost')
      }
      await sleep(delay * (0.5 + Math.random()), undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      if (stopping.signal.aborted) return
      delay = Math.min(delay * 2, longestDelayMs)
      connection = await attempt()
      if (connection !== null) onGap()
    }
  }

  return {
    name: 'changes',
    async start() {
      watching = watch(await attempt())
    },
    async stop() {
      stopping.abort()
      if (current !== undefined) await drop(current)
      await watching
    },
  }
}

function readChange(payload: string | undefined): Change | null {
  try {
    return change.parse(JSON.parse(payload ?? ''))
  } catch {
    return null
  }
}

/** Ends a client whatever state it is in: a connection that no longer answers would never say goodbye. */
async function drop(client: pg.Client) {
  const ended = client.end().catch(() => {})
  await Promise.race([ended, sleep(1_000, undefined, { ref: false })])
}

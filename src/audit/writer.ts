import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'
import type { UsageRecord } from '../contracts/record.ts'
import type { AuditRow, Inserted } from './store.ts'

type Settings = {
  insert: (rows: readonly AuditRow[]) => Promise<Inserted>
  /** US dollars that a record's call cost, null if unknown. Called once per record, off the call's path. */
  cost: (record: UsageRecord) => number | null
  /** Records that may be open or waiting at once. */
  capacity: number
  batchSize: number
  /** Longest time that a record waits for its batch to fill, in milliseconds. */
  intervalMs: number
  /** First and longest pause between attempts while the database is away, in milliseconds. */
  retryMs?: { first: number; longest: number }
  /** How long `stop` tries to write what is left, in milliseconds. */
  stopTimeoutMs?: number
  log: Log
}

export type AuditWriter = Part & {
  /** Takes a place in the queue for a call's record, before the call goes out. False if there is none left. */
  reserve(): boolean
  /**
   * Queues a record in the place that was reserved for it. A record without a place is taken while there is room;
   * otherwise it is dropped, counted and logged by id.
   */
  add(record: UsageRecord): void
  /** Whether `reserve` would succeed. */
  readonly accepting: boolean
  /** Records that are queued or being written. */
  readonly pending: number
  /** Records lost since the start: refused by the database, without a place, or left at stop. */
  readonly lost: number
}

/**
 * Writes records in batches, one at a time, off the path of the calls.
 * While the database is away nothing is dropped: the batch is tried again, and calls stop being accepted
 * when the queue is full. Every accepted call has its place reserved, so it is recorded whatever happens then.
 */
export function createAuditWriter(settings: Settings): AuditWriter {
  const { insert, cost, capacity, batchSize, intervalMs, log } = settings
  const { retryMs = { first: 100, longest: 5_000 }, stopTimeoutMs = 10_000 } = settings
  let queue: UsageRecord[] = []
  let writing: readonly UsageRecord[] = []
  let reserved = 0
  let lost = 0
  let stopping = false
  let abandoned = false
  let timer: NodeJS.Timeout | null = null
  let draining: Promise<void> | null = null
  let wake: (() => void) | null = null

  const used = () => queue.length + writing.length + reserved

  function lose(ids: string[], why: string): void {
    lost += ids.length
    log.error({ ids, count: ids.length }, why)
  }

  function schedule(delayMs: number): void {
    if (draining !== null) return
    if (timer !== null) {
      if (delayMs > 0) return
      clearTimeout(timer)
    }
    timer = setTimeout(drain, delayMs)
    timer.unref()
  }

  function drain(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    draining ??= writeBatches().finally(() => {
      draining = null
      if (queue.length > 0 && !abandoned) schedule(queue.length >= batchSize || stopping ? 0 : intervalMs)
    })
    return draining
  }

  async function writeBatches(): Promise<void> {
    do {
      writing = queue.slice(0, batchSize)
      queue = queue.slice(batchSize)
      const rows = writing.map(toRow)
      const done = await write(rows)
      if (!done) return
      writing = []
    } while (queue.length >= batchSize || (stopping && queue.length > 0))
  }

  /** Tries until the batch is in, or the process gives up at stop. */
  async function write(rows: readonly AuditRow[]): Promise<boolean> {
    for (let attempt = 0; !abandoned; attempt++) {
      try {
        const { refused } = await insert(rows)
        if (attempt > 0) log.info({ attempts: attempt + 1, pending: queue.length }, 'Records are being written again')
        if (refused.length > 0) lose(refused, 'The database refused records')
        return true
      } catch (error) {
        // The error's message may quote what was being written; its code does not.
        if (attempt === 0) log.warn({ code: codeOf(error), pending: used() }, 'Records cannot be written, trying again')
        await pause(Math.min(retryMs.first * 2 ** attempt, retryMs.longest))
      }
    }
    return false
  }

  function pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const waiting = setTimeout(resolve, ms).unref()
      wake = () => {
        clearTimeout(waiting)
        resolve()
      }
    })
  }

  function toRow(record: UsageRecord): AuditRow {
    try {
      return { ...record, costUsd: cost(record) }
    } catch {
      return { ...record, costUsd: null }
    }
  }

  return {
    name: 'audit writer',
    async start() {
      stopping = false
      abandoned = false
    },
    reserve() {
      if (stopping || used() >= capacity) return false
      reserved++
      return true
    },
    add(record) {
      let unplaced = false
      if (reserved > 0) reserved--
      else if (used() >= capacity) unplaced = true
      if (abandoned || unplaced) {
        lose([record.id], 'There is no room for a record, or the writer has stopped')
        return
      }
      queue.push(record)
      schedule(queue.length >= batchSize ? 0 : intervalMs)
    },
    get accepting() {
      return !stopping && used() < capacity
    },
    get pending() {
      return queue.length + writing.length
    },
    get lost() {
      return lost
    },
    async stop() {
      stopping = true
      wake?.()
      const { promise: deadline, resolve: expire } = Promise.withResolvers<void>()
      const limit = setTimeout(() => {
        abandoned = true
        wake?.()
        expire()
      }, stopTimeoutMs)
      while (!abandoned && queue.length + writing.length > 0) await Promise.race([drain(), deadline])
      clearTimeout(limit)
      if (timer !== null) clearTimeout(timer)
      const left = [...writing, ...queue].map(record => record.id)
      if (left.length > 0) lose(left, 'Records were left unwritten at the deadline')
      queue = []
      writing = []
      abandoned = true
    },
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

import type { Log } from '../../contracts/log.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Settled } from '../ledger/store.ts'
import { interrupted, writeOutcome } from '../record/record.ts'
import { createSpoolReader, type Found } from '../spool/reader.ts'
import { createHoldings, type OpenCall } from './holdings.ts'

type Settings = {
  directory: string
  /** The first segment of the process that writes this spool now. What is open in those before it was cut off. */
  firstLive: number
  ledger: Ledger
  batchSize?: number
  /** A checkpoint is made of so many records, or after so many milliseconds. */
  checkpoint?: { records: number; everyMs: number }
  /** Bytes that were cleared away. */
  onFreed: (bytes: number) => void
  log: Log
}

/** A record to be stored, and the segments that hold it until a checkpoint covers it. */
type Ready = Settled & { segments: number[] }

const interruptedText = writeOutcome(interrupted)

/**
 * Carries what a spool holds into the ledger, from the spool's beginning: decisions wait for their outcome, and what is
 * whole is stored in batches. Made anew after each failure, with a ledger that was loaded anew: what is stored already
 * is recognised, so that every record arrives once.
 */
export function createCourier(settings: Settings) {
  const { directory, firstLive, ledger, onFreed, log } = settings
  const { batchSize = 1_000, checkpoint = { records: 5_000, everyMs: 60_000 } } = settings
  /** Segments from this one on are being written. */
  let live = firstLive
  const reader = createSpoolReader({ directory, isOver: segment => segment < live, log })
  const holdings = createHoldings(directory)
  const open = new Map<string, OpenCall>()
  const ready: Ready[] = []
  let underWay: Promise<void> = Promise.resolve()
  let unsigned: number[] = []
  /** Until the end was reached once, records may be stored already. */
  let again = true
  let leftOver = true
  /** After the first pass, whatever it found: it ends what was left over. */
  let signAt = 0

  function take({ entry, segment }: Found): void {
    if (leftOver && segment >= live) interruptOpen()
    if (entry.kind === 'opened') {
      open.set(entry.id, { decision: entry.decision, segment })
      holdings.keep(segment)
      return
    }
    if (entry.kind === 'whole') {
      holdings.keep(segment)
      ready.push({ ...entry, segments: [segment] })
      return
    }
    const begun = open.get(entry.id)
    // Its decision was stored and cleared away before, or was damaged and is reported.
    if (begun === undefined) return
    open.delete(entry.id)
    holdings.keep(segment)
    ready.push({ id: entry.id, decision: begun.decision, outcome: entry.outcome, segments: [begun.segment, segment] })
  }

  /** Whoever wrote these decisions is gone, and cannot tell how their calls ended. */
  function interruptOpen(): void {
    leftOver = false
    if (open.size > 0) log.warn({ count: open.size }, 'Calls were cut off when the proxy ended')
    for (const [id, { decision, segment }] of open) {
      ready.push({ id, decision, outcome: interruptedText, segments: [segment] })
    }
    open.clear()
  }

  /** One batch is on its way at a time: meanwhile the next is read. */
  async function store(): Promise<void> {
    while (ready.length > 0) {
      const batch = ready.splice(0, batchSize)
      await underWay
      underWay = append(batch)
    }
  }

  async function append(batch: readonly Ready[]): Promise<void> {
    if (again) await ledger.appendAgain(batch)
    else await ledger.append(batch)
    for (const { segments } of batch) unsigned.push(...segments)
    if (ledger.isProven && ledger.unsigned >= checkpoint.records) await sign()
  }

  async function sign(): Promise<void> {
    await ledger.sign()
    holdings.release(unsigned)
    unsigned = []
    signAt = performance.now() + checkpoint.everyMs
    clear(again ? reader.segment : Math.max(reader.segment, live))
  }

  function clear(before: number): void {
    const freed = holdings.clear(before, open)
    if (freed > 0) onFreed(freed)
  }

  /** A decision may outlast its outcome, where their segments were cleared away one by one: it is on record. */
  async function forgetStored(): Promise<void> {
    const calls = Array.from(open, ([id, { decision, segment }]) => ({ id, decision, segment }))
    for (const { id, segment } of await ledger.known(calls)) {
      holdings.release([segment])
      open.delete(id)
    }
  }

  async function carry(): Promise<number> {
    try {
      return await carryAll()
    } finally {
      // Where the spool fails, too: the ledger is loaded anew then, and nothing may be on its way to it.
      await underWay.catch(() => {})
    }
  }

  async function carryAll(): Promise<number> {
    let lines = 0
    for (const found of reader.pass()) {
      for (const one of found) take(one)
      lines += found.length
      await store()
    }
    if (leftOver) interruptOpen()
    await store()
    await underWay
    if (again) {
      await forgetStored()
      await ledger.settle()
    }
    again = false
    if (performance.now() >= signAt || ledger.unsigned >= checkpoint.records) await sign()
    return lines
  }

  return {
    /** Carries all there is now, and returns how many lines that were. Throws when the ledger or the spool fails. */
    carry,

    /** Carries and signs the rest of a spool that nobody writes any more, and clears it away. */
    async finish(): Promise<void> {
      live = Number.POSITIVE_INFINITY
      leftOver = true
      await carry()
      await sign()
    },

    /**
     * When the next checkpoint is due, by `performance.now()`, which no clock that is set moves; null while there is
     * nothing to sign.
     */
    get signAt() {
      return ledger.unsigned > 0 || unsigned.length > 0 ? signAt : null
    },

    close: reader.close,
  }
}

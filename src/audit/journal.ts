import type { CheckpointPlace, SyncMode } from '../contracts/audit.ts'
import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'
import type { DecisionRecord, OutcomeRecord } from '../contracts/record.ts'
import { type CourierThread, startCourier } from './courier/start.ts'
import { openIdentity } from './ledger/identity.ts'
import { interrupted, writeDecision, writeOutcome } from './record/record.ts'
import { ShapeError } from './record/shape.ts'
import { claimInstance, type Instance } from './spool/instance.ts'
import { openSpool, type Spool } from './spool/spool.ts'

export type JournalSettings = {
  /** Directories of the spools and of the checkpoints. */
  directory: string
  checkpoints: string
  /** Where the courier stores records. */
  databaseUrl: string
  signingKey: string
  publishTo: readonly CheckpointPlace[]
  sync: SyncMode
  limitBytes: number
  log: Log
}

/**
 * The record of calls. A decision that was taken survives the end of this process; what the spool does not take (a
 * `SpoolError`), or what has no shape of a record, throws or rejects. With `AUDIT_SYNC=always` a promise is that of
 * stable storage.
 */
export type Journal = Part & {
  /** Takes the decision on a call that is about to go out. */
  open(decision: DecisionRecord): Promise<void>
  /** Takes how that call ended. Does not throw: what cannot be written now is written later. */
  close(id: string, outcome: OutcomeRecord): void
  /** Takes a call that is over as it is decided. */
  enter(decision: DecisionRecord, outcome: OutcomeRecord): Promise<void>
  /** Notes that a call has no record: by policy it did not have to. */
  miss(id: string): void
  /** Whether records are taken, and what waits to be stored. */
  status(): JournalStatus
}

/**
 * `bytes` on the disk, `age` of the oldest line that is not stored in milliseconds, `missed` records since the start.
 */
export type JournalStatus = { accepting: boolean; bytes: number; ageMs: number; missed: number }

/** Takes a directory and opens its spool when it is started. */
export function createJournal(settings: JournalSettings): Journal {
  const { directory, sync, limitBytes, log, ...task } = settings
  let opened: { spool: Spool; courier: CourierThread; claims: Instance[] } | null = null
  let waitingSince = 0
  let missed = 0

  function running() {
    if (opened === null) throw new Error('The journal is not open')
    return opened
  }

  function onWritten(): void {
    const { courier } = running()
    if (waitingSince <= courier.caughtUpAt) waitingSince = Date.now()
    courier.ring()
  }

  /** Before the courier reads them, as only this process writes them now. */
  function mendCheckpoints({ directory }: Instance): void {
    const identity = openIdentity(directory, settings.checkpoints)
    try {
      const bytes = identity.checkpoints.mend()
      if (bytes > 0)
        log.error({ log: identity.log, bytes }, 'The end of the kept checkpoints was damaged, and was put aside')
    } catch {
      log.warn({ log: identity.log }, 'The kept checkpoints cannot be read or mended')
    }
  }

  /** Figures that no record takes are left out: that the call ended, and how, is not to be lost for them. */
  function outcomeText(id: string, outcome: OutcomeRecord): string {
    try {
      return writeOutcome(outcome)
    } catch (error) {
      log.error(
        { id, member: error instanceof ShapeError ? error.path.join('.') : null },
        'An outcome has no shape of a record',
      )
      return writeOutcome({ ...interrupted, outcome: outcome.outcome, status: outcome.status })
    }
  }

  return {
    name: 'audit journal',

    async start() {
      const { own, leftOver } = await claimInstance(directory)
      const spool = openSpool({ directory: own.directory, sync, limitBytes, onWritten, log })
      const claims = [own, ...leftOver]
      for (const claim of claims) mendCheckpoints(claim)
      const courier = startCourier({
        ...task,
        directory: own.directory,
        firstLive: spool.first,
        leftOver: leftOver.map(instance => instance.directory),
        onFreed: spool.release,
        onLeft: empty => void claims.find(claim => claim.directory === empty)?.release(),
        log,
      })
      opened = { spool, courier, claims }
    },

    open: decision => running().spool.append({ kind: 'opened', id: decision.id, decision: writeDecision(decision) }),

    close(id, outcome) {
      running().spool.appendLater({ kind: 'ended', id, outcome: outcomeText(id, outcome) })
    },

    enter: (decision, outcome) =>
      running().spool.append({
        kind: 'whole',
        id: decision.id,
        decision: writeDecision(decision),
        outcome: outcomeText(decision.id, outcome),
      }),

    miss(id) {
      missed++
      log.error({ id, missed }, 'A call has no record')
    },

    status() {
      const { spool, courier } = running()
      return {
        accepting: spool.fault === null,
        bytes: spool.bytes,
        ageMs: waitingSince > courier.caughtUpAt ? Date.now() - waitingSince : 0,
        missed,
      }
    },

    async stop() {
      if (opened === null) return
      const { spool, courier, claims } = opened
      await spool.close()
      await courier.stop()
      for (const claim of claims) await claim.release()
    },
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { createCourier } from '../../src/audit/courier/courier.ts'
import { readEntries } from '../../src/audit/entries/read.ts'
import { openIdentity } from '../../src/audit/ledger/identity.ts'
import { createLedger } from '../../src/audit/ledger/ledger.ts'
import { createLedgerStore, type LedgerStore, type Settled } from '../../src/audit/ledger/store.ts'
import { writeDecision, writeOutcome } from '../../src/audit/record/record.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../../src/transparency/keys.ts'
import { splitNotes } from '../../src/transparency/note.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import { keptLog } from './kept-log.ts'
import type { MadeRecord } from './records.ts'

export type Installation = ReturnType<typeof openInstallation>

export function settled({ decision, outcome }: MadeRecord): Settled {
  return { id: decision.id, decision: writeDecision(decision), outcome: writeOutcome(outcome) }
}

/** One instance with its directories, key and log, whose ledgers and couriers can be made anew as after a start. */
export function openInstallation(pool: pg.Pool) {
  const dataDir = mkdtempSync(join(tmpdir(), 'governance-installation-'))
  const directory = join(dataDir, 'audit', 'one')
  const checkpoints = join(dataDir, 'checkpoints')
  const signer = createSigner(generatePrivateKey())
  const { log, lines } = keptLog()
  const refused: { record: Settled; why: string }[] = []
  const store = createLedgerStore(pool)
  const logId = () => openIdentity(directory, checkpoints).log
  logId()

  function ledger(through: LedgerStore = store, settings: { mostHeld?: number } = {}) {
    return createLedger({
      store: through,
      signer,
      identity: openIdentity(directory, checkpoints),
      publish: () => {},
      putAside: (record, why) => void refused.push({ record, why }),
      log,
      ...settings,
    })
  }

  return {
    directory,
    store,
    lines,
    refused,
    logId,
    ledger,
    checkpointFile: () => join(checkpoints, logId()),

    courier: (courierLedger: ReturnType<typeof ledger>, settings: Partial<Parameters<typeof createCourier>[0]> = {}) =>
      createCourier({ directory, firstLive: 1, ledger: courierLedger, onFreed: () => {}, log, ...settings }),

    /** Verifies one log, with every checkpoint in its file. */
    async verify(id = logId()) {
      const notes = splitNotes(readFileSync(join(checkpoints, id), 'utf8'))
      const entries = []
      for await (const entry of readEntries(pool)) {
        const [part] = Object.values(entry)
        if (typeof part === 'object' && 'log' in part && part.log === id) entries.push(entry)
      }
      return verify(entries, {
        keys: [parseVerifierKey(signer.verifierKey)],
        checkpoints: notes,
        unsignedAllowanceMs: 0,
        unsignedAllowanceLeaves: 0,
        now: Date.now(),
      })
    },

    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

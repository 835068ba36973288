import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import type { Log } from '../../contracts/log.ts'
import { createSigner } from '../../transparency/keys.ts'
import type { PrunedRange } from '../due.ts'
import { claimInstance } from '../spool/instance.ts'
import { openIdentity } from './identity.ts'
import { createLedger } from './ledger.ts'
import { loadSigningKey } from './signing-key.ts'
import { createLedgerStore } from './store.ts'

type Settings = {
  dataDir: string
  signingKey: string | null
  pool: pg.Pool
  /** Told of each checkpoint, as that of a proxy is. */
  publish: (note: string) => void
  log: Log
}

/** The log of whoever prunes, apart from those of the proxies, which may be running. */
export async function openRetentionLedger({ dataDir, signingKey, pool, publish, log }: Settings) {
  const { own } = await claimInstance(join(dataDir, 'retention'))
  const ledger = createLedger({
    store: createLedgerStore(pool),
    signer: createSigner(loadSigningKey(join(dataDir, 'audit', 'signing-key.pem'), signingKey)),
    identity: openIdentity(own.directory, join(dataDir, 'checkpoints')),
    publish,
    putAside() {},
    log,
  })
  await ledger.load()
  // A pruning that was not signed was not carried out: its log is left behind.
  await ledger.settle()
  return {
    record: ({ prunedLogId, firstIndex, endIndex, olderThan }: PrunedRange): Promise<void> =>
      ledger.prune({
        id: randomUUID(),
        pruned_log_id: prunedLogId,
        first_index: firstIndex,
        end_index: endIndex,
        older_than: olderThan.toISOString(),
        at: new Date().toISOString(),
      }),
    close: own.release,
  }
}

import type { Log } from '../../contracts/log.ts'
import { canonicalise } from '../../transparency/canonical-json.ts'
import { signCheckpoint } from '../../transparency/checkpoint.ts'
import { createFrontier } from '../../transparency/frontier.ts'
import { leafHash } from '../../transparency/hash.ts'
import type { Signer } from '../../transparency/keys.ts'
import type { LogIdentity } from './identity.ts'
import { isRefusal, type LedgerStore, type PruningRecord, type Settled } from './store.ts'
import { rebuildTree, type StoredTree } from './stored-tree.ts'

type Settings = {
  store: LedgerStore
  signer: Signer
  identity: LogIdentity
  /** Told of each checkpoint once it is kept. */
  publish: (note: string) => void
  /** Takes a record that the database refused. */
  putAside: (record: Settled) => void
  log: Log
}

export type Ledger = ReturnType<typeof createLedger>

/** The data of a leaf: canonical JSON (RFC 8785), as its parts are. */
export function leafData({ decision, outcome }: Pick<Settled, 'decision' | 'outcome'>): string {
  return `{"decision":${decision},"outcome":${outcome}}`
}

const hashOf = (record: Settled) => leafHash(leafData(record))
const emptyTree = (): StoredTree => ({ frontier: createFrontier(), signed: Buffer.alloc(0), unproven: new Map() })

/**
 * Writes records into the database as the leaves of one log, and signs its checkpoints. It signs nothing that it did not
 * write: after a start, leaves that no checkpoint covers have to be shown to it once more, and a log that is not as it
 * was left is given up for a new one.
 */
export function createLedger({ store, signer, identity, publish, putAside, log }: Settings) {
  let tree = emptyTree()
  let signedSize = 0

  function giveUp(why: string): void {
    const given = identity.log
    identity.renew()
    tree = emptyTree()
    signedSize = 0
    log.error({ log: given, next: identity.log }, `${why}: a new log begins`)
  }

  /** Inserts in halves around what the database refuses, so that one bad record does not hold up the others. */
  async function insert(records: readonly Settled[], hashes: readonly Buffer[]): Promise<void> {
    const [first] = records
    if (first === undefined) return
    try {
      await store.append(identity.log, tree.frontier.size, Buffer.concat(hashes), records)
      for (const hash of hashes) tree.frontier.append(hash)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (records.length === 1) return putAside(first)
      const half = records.length >> 1
      await insert(records.slice(0, half), hashes.slice(0, half))
      await insert(records.slice(half), hashes.slice(half))
    }
  }

  return {
    /** Takes the log up where the database has it. Throws if the database is away. */
    async load(): Promise<void> {
      await store.addKey(signer.verifierKey)
      const last = identity.checkpoints.last()
      const stored = rebuildTree(await store.load(identity.log), last)
      if (stored === null) return giveUp('The audit log in the database is not as it was left')
      tree = stored
      signedSize = last?.size ?? 0
      // The process may have ended after it had kept this one, and before the database had it.
      if (last !== null) await store.addCheckpoint(identity.log, { ...last, frontier: stored.signed })
    },

    /**
     * Adds records as the next leaves, all or none. Throws if the database is away, or has something in the way: then the
     * ledger has to be loaded again, and shown everything that was not signed.
     */
    async append(records: readonly Settled[]): Promise<void> {
      await insert(records, records.map(hashOf))
    },

    /** Adds those of some records that are not on record yet; the others are thereby known for our own. Throws likewise. */
    async appendAgain(records: readonly Settled[]): Promise<void> {
      const known = await store.known(records.map(({ id }) => id))
      for (const record of records) {
        if (tree.unproven.get(record.id)?.equals(hashOf(record))) tree.unproven.delete(record.id)
      }
      await this.append(records.filter(({ id }) => !known.has(id)))
    },

    /** Those of some ids that are on record. Throws likewise. */
    known: store.known,

    /** Adds a pruning as the next leaf, and signs it: rows may go once this has resolved. Throws likewise. */
    async prune(pruning: PruningRecord): Promise<void> {
      const hash = leafHash(canonicalise({ pruning }))
      await store.appendPruning(identity.log, tree.frontier.size, hash, pruning)
      tree.frontier.append(hash)
      await this.sign()
    },

    /** To be called once all that was left over has been shown: what is still unproven was written by somebody else. */
    settle(): void {
      if (tree.unproven.size > 0) giveUp('The audit log in the database holds records that are not of this proxy')
    },

    /** Whether every leaf is known for our own, so that the log can be signed. */
    get isProven() {
      return tree.unproven.size === 0
    },

    /** Leaves that no checkpoint covers. */
    get unsigned() {
      return tree.frontier.size - signedSize
    },

    /** Signs the log as it is, first beside the database and then in it. */
    async sign(): Promise<void> {
      const { size } = tree.frontier
      if (size === signedSize) return
      if (tree.unproven.size > 0) throw new Error('Nothing is signed that was not shown')
      const root = tree.frontier.root()
      const note = signCheckpoint({ log: identity.log, size, root }, [signer])
      identity.checkpoints.append(note)
      signedSize = size
      await store.addCheckpoint(identity.log, { size, note, frontier: tree.frontier.serialise() })
      publish(note)
    },
  }
}

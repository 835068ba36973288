import type { Log } from '../../contracts/log.ts'
import { canonicalise } from '../../transparency/canonical-json.ts'
import { signCheckpoint } from '../../transparency/checkpoint.ts'
import { createFrontier } from '../../transparency/frontier.ts'
import { leafHash } from '../../transparency/hash.ts'
import type { Signer } from '../../transparency/keys.ts'
import type { KeptCheckpoint } from './checkpoint-file.ts'
import type { LogIdentity } from './identity.ts'
import type { OnRecord } from './on-record.ts'
import type { PutAside } from './refused.ts'
import { isRefusal, type LedgerStore, type PruningRecord, type Settled } from './store.ts'
import { rebuildTree, type StoredTree } from './stored-tree.ts'

type Settings = {
  store: LedgerStore
  signer: Signer
  identity: LogIdentity
  /** Told of each checkpoint once it is kept. */
  publish: (note: string) => void
  /** Takes a record that cannot be stored. */
  putAside: PutAside
  /** So many records wait until others are shown. Those that are stored come first in a spool, but for a few. */
  mostHeld?: number
  log: Log
}

export type Ledger = ReturnType<typeof createLedger>

/** The data of a leaf: canonical JSON (RFC 8785), as its parts are. */
export function leafData({ decision, outcome }: Pick<Settled, 'decision' | 'outcome'>): string {
  return `{"decision":${decision},"outcome":${outcome}}`
}

const hashOf = (record: Settled) => leafHash(leafData(record))
const isSame = (one: Settled | undefined, other: Settled) => one !== undefined && leafData(one) === leafData(other)
/** The outcome may be another: where it was cleared away before its decision, it is not known any more. */
const isSigned = ({ decision }: Pick<Settled, 'decision'>, row: OnRecord | undefined) =>
  row?.isSigned === true && row.decision === decision
const foreign = 'The audit log in the database holds records that are not of this proxy'
const emptyTree = (): StoredTree => ({ frontier: createFrontier(), signed: Buffer.alloc(0), unproven: new Map() })

/**
 * Writes records into the database as the leaves of one log, and signs its checkpoints. It signs nothing that it did
 * not write: after a start, leaves that no checkpoint covers have to be shown to it once more, and a log that is not as
 * it was left is given up for a new one.
 */
export function createLedger({ store, signer, identity, publish, putAside, mostHeld = 10_000, log }: Settings) {
  let tree = emptyTree()
  let signedSize = 0
  /** Records whose leaves no checkpoint covers yet, and that were shown to be ours. */
  const shown = new Map<string, Settled>()
  /** Records that are not stored, until it is known that the log can be gone on with. */
  const held = new Map<string, Settled>()
  /** The last checkpoint that was kept of each log. */
  const kept = new Map<string, KeptCheckpoint | null>()

  /**
   * What is in the log and was not signed is not proven by anything any more: its rows can be edited, and not moved.
   */
  function giveUp(why: string): void {
    for (const record of shown.values()) putAside(record, 'unproven')
    shown.clear()
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
      if (records.length === 1) return putAside(first, 'refused')
      const half = records.length >> 1
      await insert(records.slice(0, half), hashes.slice(0, half))
      await insert(records.slice(half), hashes.slice(half))
    }
  }

  function keptOf(of: string): KeptCheckpoint | null {
    const known = kept.get(of)
    if (known !== undefined) return known
    const last = identity.keptOf(of)
    kept.set(of, last)
    return last
  }

  /** Takes a record for what an unsigned leaf was made of, if one was. Returns whether one was, now or before. */
  function show(record: Settled): boolean {
    if (tree.unproven.get(record.id)?.equals(hashOf(record))) {
      tree.unproven.delete(record.id)
      shown.set(record.id, record)
    }
    return isSame(shown.get(record.id), record)
  }

  /** Whether a record is what the database has under its id, in a log that proves it. */
  function isStored(record: Settled, row: OnRecord): boolean {
    const isShown = show(record)
    if (isShown && row.hash?.equals(hashOf(record))) return true
    return isSigned(record, row)
  }

  function hold(record: Settled): void {
    const other = held.get(record.id) ?? record
    if (isSame(other, record)) held.set(record.id, record)
    else putAside(record, 'taken')
  }

  async function storeHeld(): Promise<void> {
    const records = [...held.values()]
    await insert(records, records.map(hashOf))
    for (const record of records) shown.set(record.id, record)
    held.clear()
  }

  return {
    /** Takes the log up where the database has it. Throws if the database is away. */
    async load(): Promise<void> {
      for (const seen of [shown, held, kept]) seen.clear()
      await store.addKey(signer.verifierKey)
      const last = keptOf(identity.log)
      const stored = rebuildTree(await store.load(identity.log), last)
      if (stored === null) return giveUp('The audit log in the database is not as it was left')
      tree = stored
      signedSize = last?.size ?? 0
      // The process may have ended after it had kept this one, and before the database had it.
      if (last !== null) await store.addCheckpoint(identity.log, { ...last, frontier: stored.signed })
    },

    /**
     * Adds records as the next leaves, all or none. Throws if the database is away, or has something in the way: then
     * the ledger has to be loaded again, and shown everything that was not signed.
     */
    async append(records: readonly Settled[]): Promise<void> {
      await insert(records, records.map(hashOf))
    },

    /**
     * Adds those of some records that are not on record yet; the others are thereby known for our own. One whose id
     * something else has is put aside. While there are leaves that were not shown, what is new waits. Throws likewise.
     */
    async appendAgain(records: readonly Settled[]): Promise<void> {
      const rows = await store.known(
        records.map(({ id }) => id),
        keptOf,
      )
      for (const record of records) {
        const row = rows.get(record.id)
        if (row === undefined) hold(record)
        else if (!isStored(record, row)) putAside(record, row.hash?.equals(hashOf(record)) ? 'unproven' : 'taken')
      }
      if (tree.unproven.size > 0 && held.size > mostHeld) giveUp(foreign)
      if (tree.unproven.size === 0) await storeHeld()
    },

    /** Those of some calls that are on record, whatever came of them. Throws likewise. */
    async known<Call extends Pick<Settled, 'id' | 'decision'>>(calls: readonly Call[]): Promise<Call[]> {
      const rows = await store.known(
        calls.map(({ id }) => id),
        keptOf,
      )
      return calls.filter(call => isSigned(call, rows.get(call.id)))
    },

    /** Adds a pruning as the next leaf, and signs it: rows may go once this has resolved. Throws likewise. */
    async prune(pruning: PruningRecord): Promise<void> {
      const hash = leafHash(canonicalise({ pruning }))
      await store.appendPruning(identity.log, tree.frontier.size, hash, pruning)
      tree.frontier.append(hash)
      await this.sign()
    },

    /**
     * To be called once all that was left over has been shown: what is still unproven was written by somebody else.
     * Throws likewise.
     */
    async settle(): Promise<void> {
      if (tree.unproven.size > 0) giveUp(foreign)
      await storeHeld()
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
      await identity.checkpoints.append(note)
      kept.set(identity.log, { size, root: root.toString('base64'), note })
      signedSize = size
      shown.clear()
      await store.addCheckpoint(identity.log, { size, note, frontier: tree.frontier.serialise() })
      publish(note)
    },
  }
}

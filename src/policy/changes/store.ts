import type { Prisma } from '../../database/generated/client.ts'
import { compilePolicy } from '../compile.ts'
import { effectiveDocuments, InvalidPolicyError } from '../documents.ts'
import { createHistoryStore } from '../history/store.ts'
import { differingKeys, type Layer, wholeLayer } from '../layers/layer.ts'
import { createLayerStore, type Layers, type WriteDocument } from '../layers/store.ts'
import { type ChangeNote, ConflictError, ownAuthor, type PolicyVersion } from '../versions.ts'
import { refuseBroken } from './broken.ts'

/** What is to become of a layer. */
export type Edit = { customerId: string | null; edit: (stored: Layers) => Layer; expectedVersion?: number | undefined }

export type Signature = Omit<ChangeNote, 'expectedVersion'>

/**
 * Makes all changes, those for everyone first, and a version of each. Throws `InvalidPolicyError`, `ConflictError` and
 * `CustomersBrokenError`: the transaction is then to be given up.
 */
export async function changeLayers(
  transaction: Prisma.TransactionClient,
  edits: readonly Edit[],
  note: Signature,
): Promise<PolicyVersion[]> {
  const layers = createLayerStore(transaction)
  const write = await layers.lock()
  const isForEveryone = edits.some(({ customerId }) => customerId === null)
  const before = isForEveryone ? await layers.readAll() : []
  const versions: PolicyVersion[] = []
  // What holds for everyone goes first: customers' documents are checked on top of it.
  for (const edit of edits.toSorted(everyoneFirst)) versions.push(await changeLayer(transaction, write, edit, note))
  if (isForEveryone) refuseBroken(before, await layers.readAll())
  return versions
}

/** Writes what `edit` makes of a layer, and its version. A change that changes nothing makes none. */
async function changeLayer(
  transaction: Prisma.TransactionClient,
  write: WriteDocument,
  { customerId, edit, expectedVersion }: Edit,
  { author = ownAuthor, note = '' }: Signature,
): Promise<PolicyVersion> {
  const layers = createLayerStore(transaction)
  const history = createHistoryStore(transaction)
  const latest = await history.latest(customerId)
  if (expectedVersion !== undefined && expectedVersion !== (latest?.number ?? 0))
    throw new ConflictError(expectedVersion, latest)

  const stored = await layers.read(customerId)
  const complete = customerId === null ? wholeLayer : (layer: Layer) => layer
  const before = complete(customerId === null ? stored.general : stored.own)
  const after = complete(edit(stored))
  const policy = compilePolicy(effectiveDocuments(...(customerId === null ? [after] : [stored.general, after])))

  // What came into the tables by another way than this is kept as well, before it is written over.
  const seen = latest !== null && differingKeys(complete(latest.documents), before).length === 0
  const found = seen
    ? latest
    : await history.append(customerId, {
        number: latest === null ? 0 : latest.number + 1,
        author: ownAuthor,
        note: latest === null ? 'Before the first change' : 'Found in the database',
        hash: hashOf(stored),
        documents: before,
      })

  const keys = differingKeys(before, after)
  if (keys.length === 0) return found
  for (const key of keys) await write(key, customerId, after[key])
  await history.keepSet(policy)
  return history.append(customerId, { number: found.number + 1, author, note, hash: policy.version, documents: after })
}

function hashOf({ general, own }: Layers): string {
  try {
    return compilePolicy(effectiveDocuments(general, own)).version
  } catch (error) {
    if (error instanceof InvalidPolicyError) return ''
    throw error
  }
}

function everyoneFirst(a: { customerId: string | null }, b: { customerId: string | null }): number {
  return Number(a.customerId !== null) - Number(b.customerId !== null)
}

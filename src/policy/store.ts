import { type PolicyKey, policyKeys } from '../contracts/decision.ts'
import type { Prisma, PrismaClient } from '../database/generated/client.ts'
import { compilePolicy } from './compile.ts'
import { effectiveDocuments, InvalidPolicyError, type PolicyDocuments, policyDocuments } from './documents.ts'
import { createHistoryStore } from './history/store.ts'
import { differingKeys, type Layer, wholeLayer, withFields, withoutDocument } from './layers/layer.ts'
import { createLayerStore, type Layers } from './layers/store.ts'
import { type ChangeNote, ConflictError, ownAuthor, type PolicyVersion } from './versions.ts'

export type PolicyStore = ReturnType<typeof createPolicyStore>

type Edit = (stored: Layers) => Layer

/** One writer after another, in milliseconds: the last of ten waits for nine. */
const patience = { maxWait: 10_000, timeout: 30_000 }
/** What a layer more may take, in milliseconds: 13 were measured on two busy cores. */
const perLayer = 100

/**
 * Policies in the database: `policy` holds what applies to all, `customer_policy` what differs for one customer. Every
 * change makes a version, in the same transaction. A `customerId` of null means everyone.
 */
export function createPolicyStore(prisma: PrismaClient) {
  const history = createHistoryStore(prisma)

  /** The documents that judge a customer's calls, or with null everyone's. Throws `InvalidPolicyError`. */
  async function load(customerId: string | null): Promise<PolicyDocuments> {
    const { general, own } = await createLayerStore(prisma).read(customerId)
    return effectiveDocuments(general, own)
  }

  function change(customerId: string | null, edit: Edit, note: ChangeNote): Promise<PolicyVersion> {
    return prisma.$transaction(transaction => changeLayer(transaction, customerId, edit, note), patience)
  }

  return {
    load,

    /** What is set for everyone, and for each customer that differs, with the number of its version. */
    async layers() {
      const [layers, numbers] = await Promise.all([createLayerStore(prisma).readAll(), history.numbers()])
      return layers.map(layer => ({ ...layer, version: numbers.get(layer.customerId) ?? 0 }))
    },

    /** Sets fields of a document. Throws `InvalidPolicyError` and `ConflictError`, and then changes nothing. */
    set: (key: PolicyKey, fields: unknown, customerId: string | null, note: ChangeNote = {}) =>
      change(customerId, ({ general, own }) => withFields(customerId === null ? general : own, key, fields), note),

    /** Approves external providers for a customer, besides those approved before. Throws as `set` does. */
    approve: (providers: readonly string[], customerId: string, note: ChangeNote = {}) =>
      change(
        customerId,
        ({ general, own }) => {
          const { approved_providers } = effectiveDocuments(general, own).block_external_models
          const all = [...new Set([...approved_providers, ...providers])]
          return withFields(own, 'block_external_models', { approved_providers: all })
        },
        note,
      ),

    /** Returns a customer to what applies to everyone, or everyone to what came with the product. Throws as `set` does. */
    unset: (key: PolicyKey, customerId: string | null, note: ChangeNote = {}) =>
      change(customerId, ({ general, own }) => withoutDocument(customerId === null ? general : own, key), note),

    /** Replaces whole layers, all or none of them. Throws as `set` does. */
    apply: (
      layers: readonly { customerId: string | null; documents: Layer; expectedVersion?: number }[],
      note: Omit<ChangeNote, 'expectedVersion'> = {},
    ): Promise<PolicyVersion[]> =>
      prisma.$transaction(
        async transaction => {
          const versions: PolicyVersion[] = []
          // What holds for everyone goes first: customers' documents are checked on top of it.
          for (const { customerId, documents, expectedVersion } of layers.toSorted(everyoneFirst))
            versions.push(await changeLayer(transaction, customerId, () => documents, { ...note, expectedVersion }))
          return versions
        },
        { ...patience, timeout: patience.timeout + perLayer * layers.length },
      ),

    /** Makes a new version of an old one. Throws as `set` does, and when there is no such version. */
    async rollback(customerId: string | null, number: number, { note = '', ...rest }: ChangeNote = {}) {
      const version = await history.find(customerId, number)
      if (version === null) throw new Error(`There is no version ${number}.`)
      const said = `Back to version ${number}${note === '' ? '' : `: ${note}`}`
      return change(customerId, () => version.documents, { ...rest, note: said })
    },

    /** All versions of a layer, newest first. */
    history: history.list,

    /** One version of a layer, or null. */
    version: history.find,

    keepSet: history.keepSet,
    effectiveSet: history.effectiveSet,

    /** Writes a row for every document that has none, and counts them. What an owner has set is left alone. */
    async seed(): Promise<number> {
      const { count } = await prisma.policy.createMany({
        data: policyKeys.map(key => {
          const { description, defaultValue } = policyDocuments[key]
          return { key, description, defaultValue }
        }),
        skipDuplicates: true,
      })
      return count
    },
  }
}

/** Writes what `edit` makes of a layer, and its version. A change that changes nothing makes none. */
async function changeLayer(
  transaction: Prisma.TransactionClient,
  customerId: string | null,
  edit: Edit,
  { author = ownAuthor, note = '', expectedVersion }: ChangeNote,
): Promise<PolicyVersion> {
  const layers = createLayerStore(transaction)
  const history = createHistoryStore(transaction)
  const write = await layers.lock()
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

import { type PolicyKey, policyKeys } from '../contracts/decision.ts'
import type { PrismaClient } from '../database/generated/client.ts'
import { changeLayers, type Edit, type Signature } from './changes/store.ts'
import { effectiveDocuments, type PolicyDocuments, policyDocuments } from './documents.ts'
import { createHistoryStore } from './history/store.ts'
import { type Layer, withFields, withoutDocument } from './layers/layer.ts'
import { createLayerStore } from './layers/store.ts'
import type { ChangeNote, PolicyVersion } from './versions.ts'

export type PolicyStore = ReturnType<typeof createPolicyStore>

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

  async function change(customerId: string | null, edit: Edit['edit'], { expectedVersion, ...note }: ChangeNote) {
    const [version] = await changeAll([{ customerId, edit, expectedVersion }], note)
    return version as PolicyVersion
  }

  function changeAll(edits: readonly Edit[], note: Signature, before: BeforeCommit = () => {}) {
    const timeout = patience.timeout + perLayer * edits.length
    return prisma.$transaction(
      async transaction => {
        const versions = await changeLayers(transaction, edits, note)
        before()
        return versions
      },
      { ...patience, timeout },
    )
  }

  return {
    load,

    /** What is set for everyone, and for each customer that differs, with the number of its version. */
    async layers() {
      const [layers, numbers] = await Promise.all([createLayerStore(prisma).readAll(), history.numbers()])
      return layers.map(layer => ({ ...layer, version: numbers.get(layer.customerId) ?? 0 }))
    },

    /**
     * Sets fields of a document. Throws `InvalidPolicyError`, `ConflictError` and `CustomersBrokenError`, and then
     * changes nothing.
     */
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

    /**
     * Returns a customer to what applies to everyone, or everyone to what came with the product. Throws as `set` does.
     */
    unset: (key: PolicyKey, customerId: string | null, note: ChangeNote = {}) =>
      change(customerId, ({ general, own }) => withoutDocument(customerId === null ? general : own, key), note),

    /** Replaces whole layers, all or none of them. Throws as `set` does. */
    apply: (layers: readonly NewLayer[], note: Signature = {}) => changeAll(layers.map(replacement), note),

    /** Does what `apply` would, and takes it back: throws what that would. */
    async rehearse(layers: readonly NewLayer[]): Promise<void> {
      const takenBack = new Error('Taken back')
      const applied = changeAll(layers.map(replacement), {}, () => {
        throw takenBack
      })
      await applied.catch(error => {
        if (error !== takenBack) throw error
      })
    },

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

type NewLayer = { customerId: string | null; documents: Layer; expectedVersion?: number }
type BeforeCommit = () => void

function replacement({ documents, ...layer }: NewLayer): Edit {
  return { ...layer, edit: () => documents }
}

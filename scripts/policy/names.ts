import type { KeyStore } from '../../src/keys/store.ts'
import type { Dimension } from '../../src/policy/rehearsal/replay.ts'

type Key = Awaited<ReturnType<KeyStore['list']>>[number]

/** What customers and keys are called, by their ids. Whatever else is counted by is a name already. */
export type NameOf = (dimension: Dimension, id: string) => string

export function namesOf(keys: readonly Key[]): { emailOf(customerId: string): string | undefined; nameOf: NameOf } {
  const emails = new Map(keys.map(({ customerId, customer }) => [customerId, customer.email]))
  const keyNames = new Map(
    keys.map(({ id, name, customer }) => [id, `${name === '' ? id : name} of ${customer.email}`]),
  )
  const names: Partial<Record<Dimension, ReadonlyMap<string, string>>> = { customer: emails, key: keyNames }
  return {
    emailOf: id => emails.get(id),
    nameOf: (dimension, id) => names[dimension]?.get(id) ?? id,
  }
}

import type { Layer } from './layers/layer.ts'

/** One version of a layer: for everyone, or for one customer. */
export type PolicyVersion = {
  /** From 1 on, for each layer on its own. 0 is what was there before the first change. */
  number: number
  author: string
  note: string
  /** Of the effective set that the change led to; empty if what was found then was not valid. */
  hash: string
  /** The whole layer after the change. */
  documents: Layer
  createdAt: Date
}

/** What a writer says of a change. */
export type ChangeNote = {
  author?: string
  note?: string
  /** The version that the writer had before its eyes. If another has come since, the change is refused. */
  expectedVersion?: number | undefined
}

/** Signs what the proxy does of itself. */
export const ownAuthor = 'proxy'

/** Somebody else's change came first. Names it, so that the writer can look at it and make its own again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
  readonly expectedVersion: number
  /** Null if there is no change yet: the version that was expected never was. */
  readonly newer: PolicyVersion | null

  constructor(expectedVersion: number, newer: PolicyVersion | null) {
    super(
      newer === null
        ? `There is no version ${expectedVersion}: nothing was changed yet. Nothing is changed now.`
        : `The version is ${newer.number}, not ${expectedVersion}: ${described(newer)}. Nothing is changed now.`,
    )
    this.expectedVersion = expectedVersion
    this.newer = newer
  }
}

function described({ author, note, createdAt }: PolicyVersion): string {
  return `made by ${author} at ${createdAt.toISOString()}${note === '' ? '' : ` (${note})`}`
}

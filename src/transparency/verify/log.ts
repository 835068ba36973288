import { type Checkpoint, openCheckpoint } from '../checkpoint.ts'
import type { Leaf } from '../entry.ts'
import { createFrontier, type Frontier } from '../frontier.ts'
import { leafHash } from '../hash.ts'
import type { VerifierKey } from '../keys.ts'
import { NoteError } from '../note.ts'
import { callTime, idOf, type Pruning, pruningOf, readRecord, timeOf } from '../record.ts'
import type { FindingDetail, Findings } from './findings.ts'
import { type Allowance, createFreshness } from './freshness.ts'
import type { Outside } from './outside.ts'
import { createRanges, type Range } from './ranges.ts'

type Settings = {
  log: string
  keys: readonly VerifierKey[]
  outside: Outside
  allowance: Allowance
  /** Whether the log may end before what is known of it does. */
  partial: boolean
  findings: Findings
}

/** How the canonical JSON of a call begins: it holds no pruning. */
const callStart = '{"decision":'

/** What was seen of one log. */
export type LogReport = {
  log: string
  /** First leaf that was looked at. */
  start: number
  /** Number of leaves. */
  size: number
  /** Leaves that a valid checkpoint vouches for. */
  signedSize: number
  /** Valid checkpoints in the stream. */
  checkpoints: number
  /** Leaves whose records are gone. */
  absent: number
  /** Checkpoints from outside that the log was held against. */
  compared: number
  /**
   * Checkpoints from outside that could not be checked: smaller than `start`, after a gap, or beyond the end of a part.
   */
  unchecked: number
}

export type LogCheck = ReturnType<typeof createLogCheck>

/** Checks one log, leaf by leaf. Holds its frontier and where records are absent, and no leaf. */
export function createLogCheck({ log, keys, outside, allowance, partial, findings }: Settings) {
  const freshness = createFreshness(allowance)
  const absent = createRanges()
  /** Leaves that hold prunings, and those that are not shown. */
  const others = createRanges()
  const prunings: { index: number; pruning: Pruning }[] = []
  /** Sizes of checkpoints that came before their leaves. */
  const early: number[] = []
  /** Null from the first gap on: no root can be known after it. */
  let frontier: Frontier | null = createFrontier()
  let [start, size, signedSize] = [0, 0, 0]
  let [checkpoints, absentCount, compared, unchecked] = [0, 0, 0, 0]
  /** Size of the last checkpoint that had the right root, and whether the last one had. */
  let [rightSize, isRight] = [0, true]
  let nextOutside = 0

  function find(
    kind: Parameters<Findings['add']>[0]['kind'],
    index: number,
    more: { end?: number; detail?: FindingDetail } = {},
  ) {
    findings.add({ kind, log, index, ...more })
  }

  function open(note: string): Checkpoint | null {
    try {
      const checkpoint = openCheckpoint(note, keys)
      if (checkpoint.log === log) return checkpoint
      find('bad_signature', size, { detail: 'another_log' })
    } catch (error) {
      if (!(error instanceof NoteError)) throw error
      find('bad_signature', size, { detail: error.fault })
    }
    return null
  }

  /** Holds the tree as it is now against a checkpoint of its size. */
  function compare({ root }: Checkpoint): boolean {
    if (frontier === null) return false
    const fits = frontier.root().equals(root)
    if (fits) {
      freshness.signed()
      signedSize = size
      rightSize = size
    } else if (isRight) {
      // All later roots differ as well: the first says where.
      find('rewritten', rightSize, { end: size })
    }
    isRight = fits
    return fits
  }

  function compareOutside(): void {
    for (;;) {
      const known = outside.checkpoints[nextOutside]
      if (known === undefined || known.size > size) return
      nextOutside++
      if (known.size < size || frontier === null) unchecked++
      else {
        compared++
        compare(known)
      }
    }
  }

  /** Returns the record's time. */
  function checkRecord(entry: Leaf): string | null {
    const { index, leaf, record: given } = entry
    if (typeof given === 'string' && given.startsWith(callStart) && leafHash(given).equals(leaf)) return callTime(given)
    const { record, hash } = readRecord(entry)
    const pruning = pruningOf(record)
    if (hash?.equals(leaf) !== true) findings.mismatch({ log, index, id: idOf(record) }, leaf, hash)
    else if (pruning !== null) {
      prunings.push({ index, pruning })
      others.add(index, index + 1)
    }
    return timeOf(record)
  }

  compareOutside()

  return {
    log,

    /** Begins after leaves that are not shown. Their frontier must be that of a signed checkpoint. */
    startAt(from: number, hashes: readonly Buffer[], note: string | null): void {
      start = from
      size = from
      rightSize = 0
      frontier = frontierOf(from, hashes)
      if (frontier === null) find('gap', 0, { end: from, detail: 'malformed' })
      const checkpoint = note === null ? null : open(note)
      if (note === null) find('bad_signature', from, { detail: 'malformed' })
      if (checkpoint !== null) {
        outside.seen(checkpoint)
        if (checkpoint.size === from) compare(checkpoint)
        else find('reordered', from, { detail: 'misplaced' })
      }
      compareOutside()
    },

    leaf(entry: Leaf): void {
      if (entry.index < size) {
        find('inserted', entry.index, { detail: 'duplicate' })
        return
      }
      if (entry.index > size) {
        find('gap', size, { end: entry.index })
        others.add(size, entry.index)
        frontier = null
        size = entry.index
      }
      frontier?.append(entry.leaf)
      if (entry.record === undefined) {
        absent.add(size, size + 1)
        absentCount++
        freshness.leaf(null)
      } else {
        freshness.leaf(checkRecord(entry))
      }
      size++
      compareOutside()
    },

    checkpoint(note: string): void {
      const checkpoint = open(note)
      if (checkpoint === null) return
      outside.seen(checkpoint)
      if (checkpoint.size > size) early.push(checkpoint.size)
      else if (checkpoint.size < size) find('reordered', checkpoint.size, { detail: 'misplaced' })
      else if (compare(checkpoint)) checkpoints++
    },

    /** The stream is over: what was cut off, what is not signed. */
    finish(): LogReport {
      const beyond = outside.checkpoints.length - nextOutside
      if (partial) unchecked += beyond
      const latest = largest([...early, partial ? 0 : (outside.checkpoints.at(-1)?.size ?? 0)])
      if (latest > size) find('cut_off', size, { end: latest })
      for (const at of early) if (at <= size) find('reordered', at, { detail: 'misplaced' })
      const missing = Array.from(outside.missing, known => known.size).filter(at => at > start && at <= size)
      if (missing.length > 0) find('removed', smallest(missing), { end: largest(missing), detail: 'checkpoint' })
      if (!freshness.isFresh()) find('unsigned', signedSize, { end: size })
      return { log, start, size, signedSize, checkpoints, absent: absentCount, compared, unchecked }
    },

    /** Prunings that a checkpoint vouches for. */
    *prunings(): Generator<Pruning> {
      for (const { index, pruning } of prunings) if (index < signedSize) yield pruning
    },

    /** Leaves whose records are absent. */
    absent: absent as Iterable<Range>,

    /** Leaves that hold prunings, which no retention takes, and those that are not shown. */
    others: others as Iterable<Range>,
  }
}

const largest = (sizes: readonly number[]) => sizes.reduce((a, b) => Math.max(a, b), 0)
const smallest = (sizes: readonly number[]) => sizes.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER)

function frontierOf(size: number, hashes: readonly Buffer[]): Frontier | null {
  try {
    return createFrontier(size, hashes)
  } catch {
    return null
  }
}

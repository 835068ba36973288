import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Lines } from '../spool/line.ts'
import { segmentsIn } from '../spool/segments.ts'

/** A decision whose call has not ended yet, and the segment that holds it. */
export type OpenCall = { decision: string; segment: number }

/** Below so many bytes a segment is not worth writing anew. */
const smallBytes = 65_536

const draftOf = (path: string) => `${path}.new`

/**
 * Keeps of a spool what is still needed: a segment goes once all its entries are covered by a signed checkpoint. One
 * that is kept for a few long calls alone is cut down to them.
 */
export function createHoldings(directory: string) {
  /** How many entries of a segment are not covered yet. */
  const needed = new Map<number, number>()
  // A process that ended halfway leaves its draft.
  for (const { path } of segmentsIn(directory)) rmSync(draftOf(path), { force: true })

  return {
    keep(segment: number): void {
      needed.set(segment, (needed.get(segment) ?? 0) + 1)
    },

    release(segments: Iterable<number>): void {
      for (const segment of segments) needed.set(segment, (needed.get(segment) ?? 0) - 1)
    },

    /** Clears away what is not needed of the segments before one. Returns how many bytes that freed. */
    clear(before: number, open: ReadonlyMap<string, OpenCall>): number {
      let freed = 0
      for (const { number, path } of segmentsIn(directory)) {
        if (number >= before) break
        const { size } = statSync(path)
        const count = needed.get(number) ?? 0
        if (count === 0) {
          rmSync(path)
          needed.delete(number)
          freed += size
        } else if (size > smallBytes) {
          const calls = [...open].filter(([, { segment }]) => segment === number)
          if (calls.length === count) freed += size - cutDown(path, size, calls)
        }
      }
      return freed
    },
  }
}

/** Replaces a segment by one with these decisions only, if that is much smaller and there is room. Returns its size. */
function cutDown(path: string, size: number, calls: readonly [string, OpenCall][]): number {
  const lines = new Lines()
  for (const [id, { decision }] of calls) lines.add({ kind: 'opened', id, decision })
  if (lines.length * 2 > size) return size
  try {
    writeFileSync(draftOf(path), lines.bytes, { mode: 0o600, flush: true })
    renameSync(draftOf(path), path)
    return lines.length
  } catch {
    rmSync(draftOf(path), { force: true })
    return size
  }
}

// An installation as its database holds it: several instances' logs, their checkpoints, and retention.
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../src/json.ts'
import { signCheckpoint } from '../../src/transparency/checkpoint.ts'
import type { Entry, Stray } from '../../src/transparency/entry.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { createSigner, generatePrivateKey, parseVerifierKey, type Signer } from '../../src/transparency/keys.ts'
import { recordHash } from '../../src/transparency/record.ts'

export type StoredLog = {
  id: string
  /** Null where a leaf was taken away. */
  leaves: (Buffer | null)[]
  /** Rows by place. */
  rows: Map<number, JsonObject>
  /** `size` is the column, whatever the note says. */
  checkpoints: { size: number; note: string }[]
  /** Where the last pruning of it ended: prunings follow one another. */
  pruned: number
}

export type Installation = { signer: Signer; keys: string[]; logs: StoredLog[]; strays: Stray[]; outside: string[] }

export const now = Date.parse('2026-11-25T12:00:00.000Z')
const hour = 3_600_000

/** Numbers from 0 to `below - 1`, the same for the same seed (mulberry32). */
export type Random = (below: number) => number
export function createRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** One key for all: its signatures are verified once, which is where the time of thousands of verifications goes. */
export const signer = createSigner(generatePrivateKey())
export const trusted = remembering(parseVerifierKey(signer.verifierKey))

function remembering<K extends { verify(text: string, signature: Buffer): boolean }>(key: K): K {
  const known = new Map<string, boolean>()
  return {
    ...key,
    verify(text: string, signature: Buffer) {
      const name = text + signature.toString('hex')
      const verified = known.get(name) ?? key.verify(text, signature)
      known.set(name, verified)
      return verified
    },
  }
}

export function call(at: number, random: Random): JsonObject {
  const numbers = [0, -0, 1e21, 1e-7, 0.1 + 0.2, 123456789012345680000, 5e-324, random(1000) / 7, random(9) * 1e300]
  return {
    decision: {
      allowed: random(3) > 0,
      created_at: new Date(at).toISOString(),
      id: randomUUID(),
      meta: { b: numbers[random(numbers.length)] ?? 0, 10: 'Ä€😀\u0007"\\', 9: [null, true], '\ufb33': 1, '😀': 2 },
      risk_score: random(100),
    },
    outcome: { latency_ms: random(100_000) / 1000, outcome: 'completed', status: 200 },
  }
}

export function pruning(at: number, log: string, first: number, end: number): JsonObject {
  const time = new Date(at).toISOString()
  return {
    pruning: { at: time, end_index: end, first_index: first, id: randomUUID(), older_than: time, pruned_log_id: log },
  }
}

export function createLog(): StoredLog {
  return { id: randomUUID(), leaves: [], rows: new Map(), checkpoints: [], pruned: 0 }
}

export function append(log: StoredLog, record: JsonObject): void {
  log.rows.set(log.leaves.length, record)
  log.leaves.push(recordHash(record))
}

/** Signs a log as it is, and stores the checkpoint. Returns its note. */
export function sign(log: StoredLog, by: Signer = signer): string {
  const frontier = createFrontier()
  for (const leaf of log.leaves) if (leaf !== null) frontier.append(leaf)
  const note = signCheckpoint({ log: log.id, size: frontier.size, root: frontier.root() }, [by])
  log.checkpoints.push({ size: frontier.size, note })
  return note
}

export function signedSize({ checkpoints }: StoredLog): number {
  return checkpoints.at(-1)?.size ?? 0
}

export function copyOf(installation: Installation): Installation {
  const { logs, keys, strays, outside } = installation
  return {
    ...installation,
    keys: [...keys],
    strays: [...strays],
    outside: [...outside],
    logs: logs.map(log => ({
      ...log,
      leaves: [...log.leaves],
      rows: new Map(log.rows),
      checkpoints: [...log.checkpoints],
    })),
  }
}

/** Deletes the records of a log before `end`, which another log records, unless there is nothing to delete. */
function prune(target: StoredLog, end: number, log: StoredLog, at: number): void {
  const old = [...target.rows].filter(([index, row]) => index < end && !('pruning' in row))
  if (old.length === 0) return
  append(log, pruning(at, target.id, target.pruned, end))
  target.pruned = end
  for (const [index] of old) target.rows.delete(index)
}

/** Goes on for a while: calls, prunings, checkpoints, all of which are kept outside as well. */
export function run(installation: Installation, steps: number, from: number, random: Random): void {
  const { logs, outside } = installation
  const oneOf = () => logs[random(logs.length)] ?? createLog()
  for (let step = 0; step < steps; step++) {
    const at = from + step * 1000
    const log = oneOf()
    if (random(12) === 0) {
      const target = oneOf()
      const end = target.pruned + 1 + random(signedSize(target) - target.pruned)
      if (end <= signedSize(target)) prune(target, end, log, at)
    } else append(log, call(at, random))
    if (random(6) === 0 && log.leaves.length > signedSize(log)) outside.push(sign(log))
  }
  for (const log of logs) if (log.leaves.length > signedSize(log)) outside.push(sign(log))
}

/** An installation with a history, and the copies of its database that an enemy might have made on the way. */
export function createInstallation(random: Random, steps = 40): { installation: Installation; older: Installation[] } {
  const logs = Array.from({ length: 2 + random(3) }, createLog)
  const installation: Installation = { signer, keys: [signer.verifierKey], logs, strays: [], outside: [] }
  for (const log of logs) for (let count = 3; count > 0; count--) append(log, call(now - 2 * hour, random))
  run(installation, steps / 2 + random(steps), now - hour, random)
  const older = [copyOf(installation)]
  run(installation, steps / 2 + random(steps), now - hour / 2, random)
  for (let young = random(4); young > 0; young--)
    append(logs[random(logs.length)] ?? createLog(), call(now - 10_000, random))
  return { installation, older }
}

/** What a reader of the database yields. */
export function* entriesOf({ keys, logs, strays }: Installation): Generator<Entry> {
  for (const key of keys) yield { key }
  for (const { id: log, leaves, rows, checkpoints } of logs) {
    yield { start: { log, size: 0, frontier: [], note: null } }
    const sorted = checkpoints.toSorted((a, b) => a.size - b.size)
    let next = 0
    for (const [index, leaf] of leaves.entries()) {
      const record = rows.get(index)
      if (leaf !== null) yield { entry: { log, index, leaf, ...(record === undefined ? {} : { record }) } }
      for (; sorted[next]?.size === index + 1; next++) yield { checkpoint: { log, note: sorted[next]?.note ?? '' } }
    }
    for (const { note } of sorted.slice(next)) yield { checkpoint: { log, note } }
    for (const index of rows.keys()) {
      if (index >= leaves.length || leaves[index] === null) yield { stray: { id: randomUUID(), log, index } }
    }
  }
  for (const stray of strays) yield { stray }
}

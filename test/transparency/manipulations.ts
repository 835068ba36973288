// What someone with all rights in the database, and without the private key, might do.
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../src/json.ts'
import { createSigner, generatePrivateKey } from '../../src/transparency/keys.ts'
import { recordHash } from '../../src/transparency/record.ts'
import {
  append,
  call,
  copyOf,
  createLog,
  type Installation,
  now,
  pruning,
  type Random,
  run,
  type StoredLog,
  sign,
  signedSize,
} from './installation.ts'

type Manipulation = (installation: Installation, random: Random, older: readonly Installation[]) => boolean

const enemy = createSigner(generatePrivateKey())
const long = now - 1_800_000

function pick<T>(choices: Iterable<T>, random: Random): T | undefined {
  const all = [...choices]
  return all[random(all.length)]
}

/** A place with a row, in the part that is signed. False if there is none. */
function onRow(
  { logs }: Installation,
  random: Random,
  change: (log: StoredLog, index: number, row: JsonObject) => unknown,
): boolean {
  const log = pick(logs, random)
  const [index, row] =
    pick(
      [...(log?.rows ?? [])].filter(([at]) => log !== undefined && at < signedSize(log)),
      random,
    ) ?? []
  if (log === undefined || index === undefined || row === undefined) return false
  return change(log, index, row) !== false
}

function onLog({ logs }: Installation, random: Random, change: (log: StoredLog) => unknown): boolean {
  const log = pick(logs, random)
  return log !== undefined && signedSize(log) > 0 && change(log) !== false
}

function edited(row: JsonObject): JsonObject {
  return { ...row, outcome: { outcome: 'completed', status: 299 } }
}

function shiftRows(log: StoredLog, from: number, by: number): void {
  log.rows = new Map(Array.from(log.rows, ([index, row]) => [index >= from ? index + by : index, row]))
}

function truncate(log: StoredLog, size: number): void {
  log.leaves.length = size
  for (const index of log.rows.keys()) if (index >= size) log.rows.delete(index)
}

export const manipulations: Record<string, Manipulation> = {
  'edit a record': (world, random) => onRow(world, random, (log, index, row) => log.rows.set(index, edited(row))),
  'edit a record and its leaf': (world, random) =>
    onRow(world, random, (log, index, row) => {
      log.rows.set(index, edited(row))
      log.leaves[index] = recordHash(edited(row))
    }),
  'change a leaf': (world, random) =>
    onLog(world, random, log => {
      log.leaves[random(signedSize(log))] = recordHash({ random: random(1e9) })
    }),
  'delete a row': (world, random) => onRow(world, random, (log, index) => log.rows.delete(index)),
  'delete a row and its leaf': (world, random) =>
    onRow(world, random, (log, index) => {
      log.rows.delete(index)
      log.leaves[index] = null
    }),
  'delete a row and its leaf, and close the gap': (world, random) =>
    onRow(world, random, (log, index) => {
      log.rows.delete(index)
      log.leaves.splice(index, 1)
      shiftRows(log, index, -1)
    }),
  'delete all rows': (world, random) => onLog(world, random, log => log.rows.size > 0 && log.rows.clear()),
  'insert a row': ({ strays, logs }, random) => {
    strays.push({ id: randomUUID(), log: random(2) === 0 ? null : (pick(logs, random)?.id ?? null), index: null })
    return true
  },
  'insert a row at the end': (world, random) =>
    onLog(world, random, log => log.rows.set(log.leaves.length + random(2), call(now - 1000, random))),
  'insert a row and a leaf': (world, random) =>
    onLog(world, random, log => {
      const index = random(signedSize(log))
      const record = call(long, random)
      shiftRows(log, index, 1)
      log.rows.set(index, record)
      log.leaves.splice(index, 0, recordHash(record))
    }),
  'swap two rows': (world, random) =>
    onRow(world, random, (log, index, row) =>
      onRow(world, random, (other, place, second) => {
        if (row === second) return false
        log.rows.set(index, second)
        other.rows.set(place, row)
      }),
    ),
  'swap two rows and their leaves': (world, random) =>
    onRow(world, random, (log, index, row) =>
      onRow(world, random, (other, place, second) => {
        if (row === second) return false
        log.rows.set(index, second)
        other.rows.set(place, row)
        log.leaves[index] = recordHash(second)
        other.leaves[place] = recordHash(row)
      }),
    ),
  'move a row to a place that was pruned': (world, random) =>
    onRow(world, random, (log, index, row) =>
      onLog(world, random, other => {
        const free = pick(
          other.leaves.keys().filter(at => !other.rows.has(at)),
          random,
        )
        if (free === undefined) return false
        log.rows.delete(index)
        other.rows.set(free, row)
      }),
    ),
  'cut off the end': (world, random) =>
    onLog(world, random, log => {
      const size = random(signedSize(log))
      truncate(log, size)
      log.checkpoints = log.checkpoints.filter(checkpoint => checkpoint.size <= size)
    }),
  'cut off the end, and leave the checkpoints': (world, random) =>
    onLog(world, random, log => truncate(log, random(signedSize(log)))),
  'cut off the beginning': (world, random) =>
    onLog(world, random, log => {
      const count = 1 + random(signedSize(log))
      log.leaves.fill(null, 0, count)
      for (let index = 0; index < count; index++) log.rows.delete(index)
    }),
  'restore an old copy': (world, random, older) => {
    const copy = pick(older, random)
    return copy !== undefined && Object.assign(world, { logs: copyOf(copy).logs, strays: [] }) !== null
  },
  'restore an old copy from which the proxy goes on': (world, random, older) => {
    const copy = pick(older, random)
    if (copy === undefined) return false
    const restored = copyOf({ ...copy, outside: [] })
    run(restored, 200, long, random)
    Object.assign(world, { logs: restored.logs, strays: [], outside: [...world.outside, ...restored.outside] })
    return true
  },
  'restore the old rows of one log': (world, random, older) => {
    const copy = pick(older, random)
    return onLog(world, random, log => {
      const old = copy?.logs.find(({ id }) => id === log.id)
      if (old === undefined || old.leaves.length >= signedSize(log)) return false
      Object.assign(log, { leaves: [...old.leaves], rows: new Map(old.rows), checkpoints: [...old.checkpoints] })
    })
  },
  'put back a record that was pruned': (world, random, older) => {
    const [copy] = older
    const log = pick(world.logs, random)
    const old = copy?.logs.find(({ id }) => id === log?.id)
    const [index, row] =
      pick(
        [...(old?.rows ?? [])].filter(([at]) => log?.rows.has(at) === false),
        random,
      ) ?? []
    return index !== undefined && row !== undefined && log?.rows.set(index, row) !== undefined
  },
  'delete a log': (world, random) => {
    const log = pick(world.logs, random)
    if (log === undefined || signedSize(log) === 0) return false
    world.logs = world.logs.filter(other => other !== log)
    return true
  },
  'truncate all tables': world => {
    world.logs = []
    world.strays = []
    return true
  },
  'add a log that nobody signed': ({ logs }, random) => {
    const log = createLog()
    append(log, call(long, random))
    logs.push(log)
    return true
  },
  'add a log of the far future': ({ logs }, random) => {
    const log = createLog()
    append(log, call(now + 1e10, random))
    logs.push(log)
    return true
  },
  'add a log that another key signed': ({ logs, keys }, random) => {
    const log = createLog()
    append(log, call(now - 1000, random))
    sign(log, enemy)
    logs.push(log)
    keys.push(enemy.verifierKey)
    return true
  },
  "add a copy of a log under another's name": (world, random) =>
    onLog(world, random, log => world.logs.push({ ...log, id: randomUUID() })),
  'delete a row, and append a pruning that covers it': (world, random) =>
    onRow(world, random, (log, index) => {
      log.rows.delete(index)
      append(pick(world.logs, random) ?? log, pruning(now - 1000, log.id, index, index + 1))
    }),
  'delete a row, and put a pruning in the place of another': (world, random) =>
    onRow(world, random, (log, index) => {
      log.rows.delete(index)
      return onRow(world, random, (other, place) => {
        const record = pruning(long, log.id, index, index + 1)
        other.rows.set(place, record)
        other.leaves[place] = recordHash(record)
      })
    }),
  'delete a row, and add a log of prunings that covers it': (world, random) =>
    onRow(world, random, (log, index) => {
      log.rows.delete(index)
      const other = createLog()
      append(other, pruning(now - 1000, log.id, index, index + 1))
      sign(other, enemy)
      world.logs.push(other)
      world.keys.push(enemy.verifierKey)
    }),
  'widen a pruning': (world, random) =>
    onRow(world, random, (log, index, row) => {
      if (!('pruning' in row)) return false
      log.rows.set(index, { pruning: { ...(row.pruning as JsonObject), end_index: 1000 } })
    }),
  'delete the last checkpoint': (world, random) => onLog(world, random, log => log.checkpoints.pop()),
  'delete a checkpoint': (world, random) =>
    onLog(world, random, log => log.checkpoints.splice(random(log.checkpoints.length), 1)),
  'delete all checkpoints': world => {
    for (const log of world.logs) log.checkpoints = []
    return true
  },
  "put another log's checkpoint in the place of one": (world, random) =>
    onLog(world, random, log =>
      onLog(world, random, other => {
        const [mine, its] = [pick(log.checkpoints.keys(), random), pick(other.checkpoints, random)]
        if (log === other || mine === undefined || its === undefined) return false
        log.checkpoints[mine] = { size: log.checkpoints[mine]?.size ?? 0, note: its.note }
      }),
    ),
  'swap two checkpoints': (world, random) =>
    onLog(world, random, log => {
      const [first, second] = log.checkpoints.slice(-2)
      if (first === undefined || second === undefined) return false
      log.checkpoints.splice(-2, 2, { ...first, note: second.note }, { ...second, note: first.note })
    }),
  'sign a change with another key': (world, random) =>
    onRow(world, random, (log, index, row) => {
      log.rows.set(index, edited(row))
      log.leaves[index] = recordHash(edited(row))
      log.checkpoints = []
      sign(log, enemy)
      world.keys = [enemy.verifierKey]
    }),
  "sign a change with another key under the true one's id": (world, random) =>
    onRow(world, random, (log, index, row) => {
      log.rows.set(index, edited(row))
      log.leaves[index] = recordHash(edited(row))
      log.checkpoints = []
      sign(log, { ...enemy, id: world.signer.id })
    }),
  'spoil a checkpoint': (world, random) =>
    onLog(world, random, log => {
      const at = random(log.checkpoints.length)
      const { size = 0, note = '' } = log.checkpoints[at] ?? {}
      const place = random(note.length - 2)
      log.checkpoints[at] = {
        size,
        note: note.slice(0, place) + (note[place] === 'x' ? 'y' : 'x') + note.slice(place + 1),
      }
    }),
}

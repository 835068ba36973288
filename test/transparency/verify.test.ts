// What each finding says. That nothing is missed is the matter of tamper.test.ts.
import { expect, test } from 'vitest'
import { idOf, recordHash } from '../../src/transparency/record.ts'
import { createRanges, without } from '../../src/transparency/verify/ranges.ts'
import { type VerifySettings, verify } from '../../src/transparency/verify/verify.ts'
import {
  append,
  call,
  createLog,
  createRandom,
  entriesOf,
  type Installation,
  now,
  pruning,
  sign,
  signer,
  trusted,
} from './installation.ts'

const random = createRandom(1)

/** A log of ten leaves with checkpoints at 4, 8 and 10. */
function tenLeaves(): { world: Installation; log: Installation['logs'][number]; notes: string[] } {
  const log = createLog()
  const notes: string[] = []
  for (let count = 1; count <= 10; count++) {
    append(log, call(now - 600_000, random))
    if (count === 4 || count === 8 || count === 10) notes.push(sign(log))
  }
  return { world: { signer, keys: [signer.verifierKey], logs: [log], strays: [], outside: [] }, log, notes }
}

function check(world: Installation, more: Partial<VerifySettings> = {}) {
  return verify(entriesOf(world), { keys: [trusted], now, ...more })
}

test('a report of a good log', async () => {
  const { world, log, notes } = tenLeaves()
  const { found, ...report } = await check(world, { checkpoints: notes })
  expect(report).toEqual({
    ok: true,
    logs: [{ log: log.id, start: 0, size: 10, signedSize: 10, checkpoints: 3, absent: 0, compared: 3, unchecked: 0 }],
    findings: [],
    counts: { entries: 10, records: 10, checkpoints: 3, strays: 0 },
    outside: { compared: 3, unchecked: 0 },
    unknownKeys: 0,
  })
  expect(Object.values(found)).toEqual(Array(9).fill(0))
})

test('an edited record is named', async () => {
  const { world, log } = tenLeaves()
  const row = log.rows.get(5) ?? {}
  log.rows.set(5, { ...row, outcome: {} })
  const { findings } = await check(world)
  expect(findings).toEqual([
    { kind: 'edited', log: log.id, index: 5, end: null, id: idOf(row), detail: null, belongs: null },
  ])
})

test('records that were swapped are said to belong to each other', async () => {
  const { world, log } = tenLeaves()
  const [third, seventh] = [log.rows.get(3) ?? {}, log.rows.get(7) ?? {}]
  log.rows.set(3, seventh).set(7, third)
  const { findings, found } = await check(world)
  expect(findings).toMatchObject([
    { kind: 'reordered', index: 3, id: idOf(seventh), belongs: { log: log.id, index: 7 } },
    { kind: 'reordered', index: 7, id: idOf(third), belongs: { log: log.id, index: 3 } },
  ])
  expect(found).toMatchObject({ reordered: 2, edited: 0 })
})

test('a tree that was rewritten is said to be so between two sizes', async () => {
  const { world, log } = tenLeaves()
  const record = call(now - 600_000, random)
  log.rows.set(5, record)
  log.leaves[5] = recordHash(record)
  const { findings, logs } = await check(world)
  expect(findings).toMatchObject([
    { kind: 'rewritten', index: 4, end: 8 },
    { kind: 'unsigned', index: 4, end: 10 },
  ])
  expect(logs).toMatchObject([{ size: 10, signedSize: 4 }])
})

test('records that are gone are named as one run', async () => {
  const { world, log } = tenLeaves()
  for (const index of [2, 3, 4, 8]) log.rows.delete(index)
  const { findings } = await check(world)
  expect(findings).toMatchObject([
    { kind: 'removed', index: 2, end: 5 },
    { kind: 'removed', index: 8, end: 9 },
  ])
})

test('a pruning explains what is gone, from whichever log, once it is signed', async () => {
  const { world, log } = tenLeaves()
  const other = createLog()
  append(other, pruning(now - 1000, log.id, 0, 3))
  world.logs.push(other)
  for (const index of [0, 1, 2]) log.rows.delete(index)
  expect((await check(world)).findings).toMatchObject([{ kind: 'removed', log: log.id, index: 0, end: 3 }])
  sign(other)
  expect((await check(world)).findings).toEqual([])
  log.rows.delete(3)
  expect((await check(world)).findings).toMatchObject([{ kind: 'removed', log: log.id, index: 3, end: 4 }])
})

test('what was cut off is known by the checkpoints that were kept outside', async () => {
  const { world, log, notes } = tenLeaves()
  log.leaves.length = 8
  log.rows.delete(8)
  log.rows.delete(9)
  log.checkpoints.pop()
  expect((await check(world)).ok).toBe(true)
  expect((await check(world, { checkpoints: notes })).findings).toMatchObject([{ kind: 'cut_off', index: 8, end: 10 }])
})

test('records may be without a checkpoint for a while, and not for ever', async () => {
  const { world, log } = tenLeaves()
  append(log, call(now - 60_000, random))
  expect((await check(world)).ok).toBe(true)
  const unsigned = [{ kind: 'unsigned', index: 10, end: 11 }]
  expect((await check(world, { unsignedAllowanceMs: 59_000 })).findings).toMatchObject(unsigned)
  expect((await check(world, { unsignedAllowanceLeaves: 0 })).findings).toMatchObject(unsigned)
  expect((await check(world, { now: now + 600_000 })).findings).toMatchObject(unsigned)
})

test('keys that are not trusted are counted', async () => {
  const { world } = tenLeaves()
  world.keys.push('another+00000000+AQ==')
  expect(await check(world)).toMatchObject({ ok: true, unknownKeys: 1 })
})

test('findings beyond the limit are counted', async () => {
  const { world, log } = tenLeaves()
  for (const [index, row] of log.rows) log.rows.set(index, { ...row, outcome: {} })
  const { findings, found } = await check(world, { limit: 3 })
  expect(findings).toHaveLength(3)
  expect(found.edited).toBe(10)
})

test('ranges stay in order and apart', () => {
  const ranges = createRanges()
  const set = new Set<number>()
  for (let round = 0; round < 300; round++) {
    const first = random(500)
    const end = first + 1 + random(5)
    ranges.add(first, end)
    for (let index = first; index < end; index++) set.add(index)
  }
  const all = [...ranges]
  expect(all.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, at) => first + at))).toEqual(
    [...set].sort((a, b) => a - b),
  )
  expect(all.every(({ first }, place) => place === 0 || first > (all[place - 1]?.end ?? 0))).toBe(true)
  const left = [...without([{ first: 0, end: 600 }], ranges)].flatMap(({ first, end }) => [first, end - 1])
  expect(left.some(index => set.has(index))).toBe(false)
})

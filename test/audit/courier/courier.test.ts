import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LedgerStore } from '../../../src/audit/ledger/store.ts'
import { writeDecision, writeOutcome } from '../../../src/audit/record/record.ts'
import { segmentPath, segmentsIn } from '../../../src/audit/spool/segments.ts'
import { testDatabase } from '../../fakes/database.ts'
import { type Installation, openInstallation, settled } from '../installation.ts'
import { type MadeRecord, makeOwner, makeRecord, type Owner, storeRecords } from '../records.ts'
import { writtenLine } from '../spool/written-line.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let owner: Owner
let one: Installation

beforeAll(async () => {
  database = await testDatabase()
  owner = await makeOwner(database.prisma)
})
afterAll(() => database.close())
beforeEach(() => {
  one = openInstallation(database.pool)
  mkdirSync(one.directory, { recursive: true })
})
afterEach(() => one.remove())

const record = () => makeRecord(owner)
const many = (count: number) => Array.from({ length: count }, record)
const opened = ({ decision }: MadeRecord) =>
  writtenLine({ kind: 'opened', id: decision.id, decision: writeDecision(decision) })
const ended = ({ decision, outcome }: MadeRecord) =>
  writtenLine({ kind: 'ended', id: decision.id, outcome: writeOutcome(outcome) })
const whole = ({ decision, outcome }: MadeRecord) =>
  writtenLine({
    kind: 'whole',
    id: decision.id,
    decision: writeDecision(decision),
    outcome: writeOutcome(outcome),
  })
const write = (segment: number, lines: readonly string[]) =>
  appendFileSync(segmentPath(one.directory, segment), lines.join(''))
const segments = () => segmentsIn(one.directory).map(({ number }) => number)
const outcomesOf = async (records: readonly MadeRecord[]) => {
  const rows = await database.prisma.usageLog.findMany({
    where: { id: { in: records.map(({ decision }) => decision.id) } },
  })
  return records.map(({ decision }) => rows.find(({ id }) => id === decision.id)?.outcome ?? null)
}

async function start(settings: Parameters<Installation['courier']>[1] = {}, store?: LedgerStore) {
  const ledger = one.ledger(store)
  await ledger.load()
  return one.courier(ledger, settings)
}

/** Signs after every pass. */
const eager = { checkpoint: { records: 10_000, everyMs: 0 } }

describe('a courier', () => {
  it('joins decisions and outcomes, in whatever order calls end, and clears the spool', async () => {
    const calls = many(20)
    write(1, calls.map(opened))
    write(2, [...calls].reverse().map(ended))
    const courier = await start()
    await courier.finish()
    courier.close()
    expect(await outcomesOf(calls)).toEqual(calls.map(() => 'completed'))
    expect(segments()).toEqual([])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 20 } })
  })

  it('records calls of a process that is gone as interrupted, and waits for those of one that runs', async () => {
    const [gone, running] = many(2) as [MadeRecord, MadeRecord]
    write(1, [opened(gone)])
    write(2, [opened(running)])
    const courier = await start({ firstLive: 2, ...eager })
    await courier.carry()
    expect(await outcomesOf([gone, running])).toEqual(['interrupted', null])
    expect(segments()).toEqual([2])
    write(2, [ended(running)])
    await courier.finish()
    courier.close()
    expect(await outcomesOf([gone, running])).toEqual(['interrupted', 'completed'])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 2 } })
  })

  it('records calls that are open at the end as interrupted, though the database fails once', async () => {
    const [call] = many(1) as [MadeRecord]
    write(1, [opened(call)])
    let fails = true
    const store: LedgerStore = {
      ...one.store,
      addCheckpoint: (...given) => (fails ? Promise.reject(new Error('away')) : one.store.addCheckpoint(...given)),
    }
    const first = await start({}, store)
    await expect(first.finish()).rejects.toThrow('away')
    first.close()
    fails = false
    const second = await start({}, store)
    await second.finish()
    second.close()
    expect(await outcomesOf([call])).toEqual(['interrupted'])
    expect(segments()).toEqual([])
    expect(one.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 1 } })
  })

  it('cuts segments down to the calls that are still open', async () => {
    const [long] = many(1) as [MadeRecord]
    write(1, [opened(long), ...many(200).map(whole)])
    const before = statSync(segmentPath(one.directory, 1)).size
    write(2, many(200).map(whole))
    write(3, many(1).map(whole))
    let freed = 0
    const courier = await start({
      ...eager,
      onFreed: bytes => {
        freed += bytes
      },
    })
    await courier.carry()
    expect(segments()).toEqual([1, 3])
    expect(statSync(segmentPath(one.directory, 1)).size).toBe(opened(long).length)
    expect(freed).toBeGreaterThan(before)
    write(4, [ended(long)])
    await courier.finish()
    courier.close()
    expect(await outcomesOf([long])).toEqual(['completed'])
    expect(readdirSync(one.directory)).toEqual(['log', 'reserve'])
  })

  it('knows a decision that outlasted its outcome for recorded', async () => {
    const [short, long] = many(2) as [MadeRecord, MadeRecord]
    write(1, [opened(short), opened(long)])
    write(2, [ended(short)])
    write(3, many(1).map(whole))
    const first = await start(eager)
    await first.carry()
    first.close()
    expect(segments()).toEqual([1, 3])
    const second = await start(eager)
    await second.carry()
    write(4, [ended(long)])
    write(5, many(1).map(whole))
    await second.carry()
    expect(segments()).toEqual([5])
    await second.finish()
    second.close()
    expect(await outcomesOf([short, long])).toEqual(['completed', 'completed'])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 4 } })
  })

  it('keeps the record of a call whose id somebody else stored while it was open', async () => {
    const [call, other] = many(2) as [MadeRecord, MadeRecord]
    write(1, [opened(call)])
    const first = await start({ firstLive: 1, ...eager })
    await first.carry()
    const forgery = { ...call, decision: { ...call.decision, allowed: false } }
    await storeRecords(database.pool, [forgery])
    write(1, [ended(call), whole(other)])
    await expect(first.carry()).rejects.toMatchObject({ code: '23505' })
    first.close()
    const second = await start({ firstLive: 1, ...eager })
    await second.finish()
    second.close()
    expect(one.refused).toMatchObject([{ record: settled(call), why: 'taken' }])
    expect(segments()).toEqual([])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 1 } })
  })

  it('does not forget an open call whose id somebody else stored', async () => {
    const [call] = many(1) as [MadeRecord]
    write(1, [opened(call)])
    await storeRecords(database.pool, [call])
    const courier = await start(eager)
    await courier.carry()
    write(1, [ended(call)])
    await expect(courier.carry()).rejects.toMatchObject({ code: '23505' })
    courier.close()
  })

  it('carries what is there, while calls go on', async () => {
    write(1, many(3).map(whole))
    let written = 3
    const store: LedgerStore = {
      ...one.store,
      async append(...given) {
        if (written < 30) write(1, [whole(record())])
        written++
        await one.store.append(...given)
      },
    }
    const courier = await start(eager, store)
    await courier.carry()
    expect(written).toBe(4)
    await courier.finish()
    courier.close()
    expect((await one.verify()).counts.records).toBeGreaterThan(3)
  })

  it('signs in time, though the clock is set back', async () => {
    const courier = await start({ checkpoint: { records: 10_000, everyMs: 20 } })
    write(1, [whole(record())])
    await courier.carry()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 86_400_000)
    try {
      write(1, [whole(record())])
      await courier.carry()
      await expect.poll(() => (courier.signAt ?? 0) - performance.now()).toBeLessThan(0)
      await courier.carry()
    } finally {
      clock.mockRestore()
    }
    expect(courier.signAt).toBeNull()
    courier.close()
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 2 } })
  })

  it('puts aside what is damaged, and carries the rest', async () => {
    const calls = many(3)
    const text = calls.map(whole)
    text[1] = text[1]?.replace('"allowed":true', '"allowed":truE') ?? ''
    writeFileSync(segmentPath(one.directory, 1), `${text.join('')}torn`)
    const courier = await start({ firstLive: 2 })
    await courier.finish()
    courier.close()
    expect(await outcomesOf(calls)).toEqual(['completed', null, 'completed'])
    expect(segments()).toEqual([])
    expect(readdirSync(`${one.directory}/damaged`)).toHaveLength(2)
  })
})

/** Fails at one of its operations: before the database did it, or after, when nobody knows that it did. */
function failingStore(at: number, after: boolean): LedgerStore {
  let step = 0
  const through =
    <Given extends unknown[], T>(work: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      const fails = step++ === at
      if (fails && !after) throw new Error('away')
      const result = await work(...given)
      if (fails) throw new Error('away')
      return result
    }
  const { append, appendPruning, known, load, addCheckpoint, addKey } = one.store
  return {
    append: through(append),
    appendPruning: through(appendPruning),
    known: through(known),
    load: through(load),
    addCheckpoint: through(addCheckpoint),
    addKey: through(addKey),
  }
}

describe.each([
  ['before it was done', false],
  ['after it was done', true],
])('where the database fails %s', (_, after) => {
  it.each(Array.from({ length: 24 }, (_, at) => at))('at step %i, each record arrives once', async at => {
    const calls = many(6)
    const cutOff = many(2)
    write(1, cutOff.map(opened))
    write(2, [...calls.slice(0, 3).map(opened), ...calls.slice(3).map(whole)])
    write(3, calls.slice(0, 3).map(ended))
    const store = failingStore(at, after)
    const settings = { firstLive: 2, batchSize: 2, checkpoint: { records: 4, everyMs: 0 } }
    const late = record()
    let passes = 0
    for (let attempts = 0; attempts < 3; attempts++) {
      const ledger = one.ledger(store)
      const courier = one.courier(ledger, settings)
      try {
        await ledger.load()
        await courier.carry()
        if (passes++ === 0) write(4, [whole(late)])
        await courier.carry()
        await courier.finish()
        break
      } catch (error) {
        expect(error).toMatchObject({ message: 'away' })
      } finally {
        courier.close()
      }
    }
    expect(await outcomesOf([...calls, ...cutOff, late])).toEqual([
      ...calls.map(() => 'completed'),
      ...cutOff.map(() => 'interrupted'),
      'completed',
    ])
    expect(segments()).toEqual([])
    expect(one.refused).toEqual([])
    expect(await one.verify()).toMatchObject({ ok: true, findings: [], counts: { records: 9 } })
    expect(one.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

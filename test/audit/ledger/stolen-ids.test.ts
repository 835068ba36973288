// An id is known before its record is stored: it is in the answer to the call, and in the record's own row. Whoever may
// add rows can be first with it, and whoever may change them can put a record somewhere else. What the proxy has a good
// copy of is then kept beside the database, and never taken for stored.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leafData } from '../../../src/audit/ledger/ledger.ts'
import type { Settled } from '../../../src/audit/ledger/store.ts'
import { leafHash } from '../../../src/transparency/hash.ts'
import { testDatabase } from '../../fakes/database.ts'
import { type Installation, openInstallation, settled } from '../installation.ts'
import { makeOwner, makeRecord, type Owner } from '../records.ts'

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
})
afterEach(() => one.remove())

const records = (count: number): Settled[] => Array.from({ length: count }, () => settled(makeRecord(owner)))
const hashOf = (record: Settled) => leafHash(leafData(record))
const forged = (record: Settled): Settled => ({
  ...record,
  decision: record.decision.replace('"allowed":true', '"allowed":false'),
})

async function loaded() {
  const ledger = one.ledger()
  await ledger.load()
  return ledger
}

async function started(shown: readonly Settled[] = []) {
  const ledger = await loaded()
  await ledger.appendAgain(shown)
  await ledger.settle()
  return ledger
}

const asSuperuser = (script: string) =>
  database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${script}; COMMIT`)

/** A row as whoever may add rows adds it, in a log or in none, and with a leaf or without one. */
async function insertRow(record: Settled, { leaf = hashOf(record), log = randomUUID() } = {}): Promise<void> {
  await one.store.append(log, 0, leaf, [record])
}

const withoutPlace = (record: Settled) =>
  asSuperuser(`UPDATE usage_log SET log_id = NULL, leaf_index = NULL WHERE id = '${record.id}'`)

async function placeOf({ id }: Settled) {
  const row = await database.prisma.usageLog.findUnique({ where: { id } })
  return row?.logId ?? null
}

describe('a record is put aside, and the others are stored,', () => {
  async function expectAside(record: Settled, why: string): Promise<void> {
    const others = records(2)
    const ledger = await started([others[0] as Settled, record, others[1] as Settled])
    await ledger.sign()
    expect(one.refused).toEqual([{ record, why }])
    expect(await one.verify()).toMatchObject({ ok: true })
    for (const other of others) expect(await placeOf(other)).toBe(one.logId())
  }

  it('when a row without a log has its id', async () => {
    const [record] = records(1) as [Settled]
    await insertRow(forged(record))
    await withoutPlace(record)
    await expectAside(record, 'taken')
  })

  it('when a row in a log of somebody else has its id', async () => {
    const [record] = records(1) as [Settled]
    await insertRow(forged(record))
    await expectAside(record, 'taken')
  })

  it('when such a row has the hash of the record for its leaf', async () => {
    const [record] = records(1) as [Settled]
    await insertRow(forged(record), { leaf: hashOf(record) })
    await expectAside(record, 'taken')
  })

  it('when the very record is in a log that nobody signed', async () => {
    const [record] = records(1) as [Settled]
    await insertRow(record)
    await expectAside(record, 'unproven')
  })

  it('when it was shown in two ways', async () => {
    const [record] = records(1) as [Settled]
    const ledger = await started([record, record, forged(record)])
    await ledger.sign()
    expect(one.refused).toEqual([{ record: forged(record), why: 'taken' }])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 1 } })
  })

  it('when its row was edited before it was signed', async () => {
    const [record] = records(1) as [Settled]
    await (await started()).append([record])
    await asSuperuser(`UPDATE usage_log SET allowed = false WHERE id = '${record.id}'`)
    await (await started([record])).sign()
    expect(one.refused).toEqual([{ record, why: 'taken' }])
    expect((await one.verify()).findings).toMatchObject([{ kind: 'edited', index: 0 }])
  })

  it('when it was moved over a record that was signed, from where it could be moved back', async () => {
    const [first, record] = records(2) as [Settled, Settled]
    const before = await started([first])
    await before.sign()
    await before.append([record])
    const log = one.logId()
    await asSuperuser(`DELETE FROM audit_leaf WHERE log_id = '${log}' AND first_index = 1;
      DELETE FROM usage_log WHERE id = '${first.id}';
      UPDATE usage_log SET leaf_index = 0 WHERE id = '${record.id}';
      UPDATE audit_leaf SET hashes = '\\x${hashOf(record).toString('hex')}' WHERE log_id = '${log}'`)
    await (await started([record])).sign()
    expect(one.refused).toEqual([{ record, why: 'unproven' }])
  })
})

it('what was signed is known, in this log and in those before it, wherever in the tree it is', async () => {
  const all = records(30)
  for (let given = 0; given < 2; given++) {
    const ledger = await started()
    for (let at = 0; at < 15; at += 3) {
      await ledger.append(all.slice(given * 15 + at, given * 15 + at + 3))
      if (at !== 6) await ledger.sign()
    }
    // An end that was not signed: the log is given up, and what is below is as good as before.
    if (given === 0) await one.store.append(one.logId(), 15, hashOf(records(1)[0] as Settled), records(1))
  }
  await (await started(all)).sign()
  expect(one.refused).toEqual([])
  expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 15, strays: 0 } })
})

it('a call whose outcome is not known any more is on record by its decision, where that is signed', async () => {
  const [signed, unsigned, fake] = records(3) as [Settled, Settled, Settled]
  const ledger = await started([signed])
  await ledger.sign()
  await ledger.append([unsigned])
  await insertRow(fake)
  const other = settled(makeRecord(owner))
  const calls = [signed, unsigned, fake, { ...signed, decision: forged(signed).decision }, other]
  expect(await ledger.known(calls)).toEqual([signed])
  await started([unsigned, { ...signed, outcome: '{"outcome":"interrupted"}' }])
  expect(one.refused).toEqual([])
})

describe('when a log is given up', () => {
  it('what it holds of ours is put aside before, and what is new goes into the next one', async () => {
    await (await started(records(2))).sign()
    const stored = records(3)
    await (await started()).append(stored)
    const given = one.logId()
    const [, edited] = stored as [Settled, Settled, Settled]
    await asSuperuser(`UPDATE usage_log SET allowed = false WHERE id = '${edited.id}';
      UPDATE audit_leaf SET hashes = overlay(hashes PLACING '\\x${hashOf(forged(edited)).toString('hex')}' FROM 33 FOR 32)
      WHERE log_id = '${given}' AND first_index = 2`)
    const fresh = records(2)
    const ledger = await loaded()
    await ledger.appendAgain([...stored, ...fresh])
    expect(await Promise.all(fresh.map(placeOf))).toEqual([null, null])
    await ledger.settle()
    await ledger.sign()
    expect(one.logId()).not.toBe(given)
    expect(one.refused).toEqual([
      { record: edited, why: 'taken' },
      { record: stored[0], why: 'unproven' },
      { record: stored[2], why: 'unproven' },
    ])
    expect(await Promise.all(fresh.map(placeOf))).toEqual([one.logId(), one.logId()])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 2 } })
  })

  it('as it is loaded, what it holds of ours is put aside when it is shown', async () => {
    await (await started(records(2))).sign()
    const [lost, left] = records(2) as [Settled, Settled]
    const before = await started()
    await before.append([lost])
    await before.append([left])
    const given = one.logId()
    await asSuperuser(`DELETE FROM usage_log WHERE id = '${lost.id}'`)
    await (await started([lost, left])).sign()
    expect(one.logId()).not.toBe(given)
    expect(one.refused).toEqual([{ record: left, why: 'unproven' }])
    expect(await placeOf(lost)).toBe(one.logId())
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 1 } })
  })

  it('new records do not wait for what is never shown, however many they are', async () => {
    await (await started(records(2))).sign()
    const [stored] = records(1) as [Settled]
    await (await started()).append([stored])
    const given = one.logId()
    const [foreign, late] = records(2) as [Settled, Settled]
    await one.store.append(given, 3, hashOf(foreign), [foreign])
    const ledger = one.ledger(one.store, { mostHeld: 3 })
    await ledger.load()
    const fresh = records(4)
    await ledger.appendAgain(fresh.slice(0, 3))
    expect(await placeOf(fresh[0] as Settled)).toBeNull()
    await ledger.appendAgain(fresh.slice(3))
    expect(await Promise.all(fresh.map(placeOf))).toEqual(fresh.map(() => one.logId()))
    await ledger.appendAgain([stored, late])
    await ledger.settle()
    await ledger.sign()
    expect(one.refused).toEqual([{ record: stored, why: 'unproven' }])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 5 } })
  })
})

import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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

/** A ledger as a start makes it, which has been shown what was left over. */
async function started(shown: readonly Settled[] = []) {
  const ledger = one.ledger()
  await ledger.load()
  await ledger.appendAgain(shown)
  await ledger.settle()
  return ledger
}

/** Changes what nobody may change, as a superuser can. */
async function tamper(statement: string, values: unknown[]): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL session_replication_role = replica')
    await client.query(statement, values)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

const counts = async () => (await one.verify()).counts

describe('a log goes on after an end', () => {
  it('with everything signed', async () => {
    const before = await started(records(3))
    await before.sign()
    const log = one.logId()
    const after = await started(records(2))
    await after.sign()
    expect(one.logId()).toBe(log)
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 5, checkpoints: 2 } })
  })

  it('with records that were stored and not signed, and are shown once more', async () => {
    await (await started(records(3))).sign()
    const shown = records(4)
    await (await started()).append(shown)
    const after = one.ledger()
    await after.load()
    expect(after.isProven).toBe(false)
    await expect(after.sign()).rejects.toThrow()
    await after.appendAgain([...shown, ...records(1)])
    expect(after.isProven).toBe(true)
    await after.settle()
    await after.sign()
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 8 } })
  })

  it('with a checkpoint that was kept beside the database and did not reach it', async () => {
    await started()
    const ledger = one.ledger({
      ...one.store,
      addCheckpoint: () => Promise.reject(new Error('away')),
    })
    await ledger.load()
    await ledger.append(records(3))
    await expect(ledger.sign()).rejects.toThrow('away')
    expect((await one.verify()).findings).toMatchObject([{ kind: 'removed', detail: 'checkpoint' }])
    await started()
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 3, checkpoints: 1 } })
  })

  it('with a checkpoint that was cut off when it was written, wherever', async () => {
    const ledger = await started(records(3))
    await ledger.sign()
    const whole = readFileSync(one.checkpointFile(), 'utf8')
    const shown = records(1)
    await ledger.append(shown)
    for (let length = 1; length < whole.length; length += 7) {
      writeFileSync(one.checkpointFile(), whole + whole.slice(0, length))
      await started(shown)
      expect(readFileSync(one.checkpointFile(), 'utf8')).toBe(whole)
    }
    // All but the empty line.
    writeFileSync(one.checkpointFile(), whole + whole.slice(0, -1))
    const after = await started(shown)
    await after.sign()
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 4, checkpoints: 2 } })
  })
})

describe('a log is kept', () => {
  it('though a checkpoint in the middle of its file was damaged', async () => {
    const ledger = await started(records(3))
    await ledger.sign()
    await ledger.append(records(1))
    await ledger.sign()
    const log = one.logId()
    const bytes = readFileSync(one.checkpointFile())
    bytes[30] = (bytes[30] ?? 0) ^ 0x80
    writeFileSync(one.checkpointFile(), bytes)
    await started()
    expect(one.logId()).toBe(log)
    expect(readFileSync(one.checkpointFile()).equals(bytes)).toBe(true)
  })
})

describe('a log is given up for a new one, and what is in it is not signed,', () => {
  async function expectNewLog(log: string, shown: readonly Settled[] = []): Promise<void> {
    const size = (await one.store.load(log)).checkpoint?.size ?? 0
    const ledger = await started(shown)
    await ledger.append(records(2))
    await ledger.sign()
    expect(one.logId()).not.toBe(log)
    expect(one.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(await one.verify()).toMatchObject({ ok: true })
    expect((await one.store.load(log)).checkpoint?.size ?? 0).toBe(size)
  }

  it('when somebody else added a record after the last checkpoint', async () => {
    await (await started(records(3))).sign()
    const shown = records(2)
    await (await started()).append(shown)
    const [foreign] = records(1) as [Settled]
    const hash = leafHash(`{"decision":${foreign.decision},"outcome":${foreign.outcome}}`)
    await one.store.append(one.logId(), 5, hash, [foreign])
    await expectNewLog(one.logId(), shown)
  })

  it('when a record after the last checkpoint was changed together with its leaf', async () => {
    await (await started(records(3))).sign()
    const [shown] = records(1) as [Settled]
    const changed = { ...shown, decision: shown.decision.replace('"allowed":true', '"allowed":false') }
    await (await started()).append([changed])
    await expectNewLog(one.logId(), [shown])
  })

  it('when the database is an older copy', async () => {
    const ledger = await started(records(3))
    await ledger.sign()
    await ledger.append(records(2))
    await ledger.sign()
    const log = one.logId()
    await tamper('DELETE FROM usage_log WHERE log_id = $1 AND leaf_index >= 3', [log])
    await tamper('DELETE FROM audit_leaf WHERE log_id = $1 AND first_index >= 3', [log])
    await tamper('DELETE FROM audit_checkpoint WHERE log_id = $1 AND size > 3', [log])
    await expectNewLog(log)
  })

  it('when leaves below the last checkpoint were replaced by others', async () => {
    await (await started(records(3))).sign()
    const log = one.logId()
    await tamper('DELETE FROM audit_checkpoint WHERE log_id = $1', [log])
    await tamper('UPDATE audit_leaf SET hashes = $2 WHERE log_id = $1', [log, Buffer.alloc(96, 7)])
    await expectNewLog(log)
  })

  it('when the checkpoints beside the database are gone', async () => {
    await (await started(records(3))).sign()
    rmSync(one.checkpointFile())
    await expectNewLog(one.logId())
  })

  it('when the file of checkpoints holds something else', async () => {
    await (await started(records(3))).sign()
    writeFileSync(one.checkpointFile(), 'nothing of ours\n')
    appendFileSync(one.checkpointFile(), '\n')
    await expectNewLog(one.logId())
  })
})

describe('records', () => {
  it('that are on record are not added again', async () => {
    const shown = records(5)
    await (await started(shown)).sign()
    await (await started(shown)).sign()
    expect(await counts()).toMatchObject({ records: 5, strays: 0 })
  })

  it('that the database refuses are put aside, and do not hold up the others', async () => {
    const all = records(7)
    const bad = { ...(all[4] as Settled), outcome: '{"outcome":"completed","status":99999999999}' }
    all[4] = bad
    const ledger = await started()
    await ledger.append(all)
    await ledger.sign()
    expect(one.refused).toEqual([{ record: bad, why: 'refused' }])
    expect(await one.verify()).toMatchObject({ ok: true, counts: { records: 6 } })
  })

  it('are not put aside where somebody else has their place', async () => {
    const ledger = await started()
    await one.store.append(one.logId(), 0, leafHash('x'), records(1))
    await expect(ledger.append(records(1))).rejects.toMatchObject({ code: '23505' })
    expect(one.refused).toEqual([])
  })

  it('of several instances go into a log each', async () => {
    const other = openInstallation(database.pool)
    try {
      const ledgers = [await started(), other.ledger()] as const
      await ledgers[1].load()
      for (let i = 0; i < 5; i++) await Promise.all(ledgers.map(ledger => ledger.append(records(3))))
      for (const ledger of ledgers) await ledger.sign()
      for (const each of [one, other]) expect(await each.verify()).toMatchObject({ ok: true, counts: { records: 15 } })
    } finally {
      other.remove()
    }
  })
})

it('a log that nobody wrote has no checkpoint', async () => {
  const ledger = await started()
  await ledger.sign()
  expect(await one.store.load(randomUUID())).toEqual({ checkpoint: null, leaves: [], rows: [] })
  expect((await one.store.load(one.logId())).checkpoint).toBeNull()
})

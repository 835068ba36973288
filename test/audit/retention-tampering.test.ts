// Retention signs that records went by their age. A superuser who edits or removes young records could have it take the
// blame: he makes their neighbours look old, and the next clean-up would say that all of them went. Whoever may add
// rows could add a pruning of all that there is, and the next clean-up would carry it out.
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PrunedRange } from '../../src/audit/due.ts'
import { createRetention } from '../../src/audit/retention.ts'
import { signCheckpoint } from '../../src/transparency/checkpoint.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { createSigner, generatePrivateKey } from '../../src/transparency/keys.ts'
import { recordHash } from '../../src/transparency/record.ts'
import { testDatabase } from '../fakes/database.ts'
import { callRecord, createLoggedLog, insertRows, trusted } from './logged.ts'

const count = 20
let database: Awaited<ReturnType<typeof testDatabase>>
let log: Awaited<ReturnType<typeof createLoggedLog>>

const asSuperuser = (script: string) =>
  database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${script}; COMMIT`)
const day = (days: number) => new Date(Date.UTC(2026, 0, 1 + days))
const callsOf = (days: number) =>
  Array.from({ length: count }, () => callRecord(uuidv7(), { created_at: day(days).toISOString() }))

/** Prunes what is older than a day, and returns what was put on record and how it ended. */
async function prune(days: number) {
  const recorded: PrunedRange[] = []
  const retention = createRetention(database.pool, [trusted])
  const record = async (range: PrunedRange) => void recorded.push(range)
  const pruning = { olderThan: day(days), batch: 7, record }
  const outcome = await retention.prune(pruning).catch((error: Error) => error.message)
  return { recorded, outcome }
}

async function left(id = log.log): Promise<number> {
  return database.prisma.usageLog.count({ where: { logId: id } })
}

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await asSuperuser(
    'DELETE FROM usage_log; DELETE FROM audit_leaf; DELETE FROM audit_checkpoint; DELETE FROM audit_pruning',
  )
  log = await createLoggedLog(database.pool)
})
afterAll(() => database.close())

describe('nothing goes, and nothing is signed,', () => {
  const at = (index: number) => `log_id = '${log.log}' AND leaf_index = ${index}`
  const old = "created_at = '2025-01-01'"

  it.each<[string, () => string, number]>([
    [
      'when young records were removed between two that were made to look old',
      () =>
        `DELETE FROM usage_log WHERE leaf_index BETWEEN 1 AND 18; UPDATE usage_log SET ${old} WHERE leaf_index IN (0, 19)`,
      0,
    ],
    ['when a young record was made to look old', () => `UPDATE usage_log SET ${old} WHERE ${at(0)}`, 0],
    ['when a record was removed', () => `DELETE FROM usage_log WHERE ${at(0)}`, 0],
    ['when a record was edited in another column', () => `UPDATE usage_log SET allowed = false WHERE ${at(0)}`, 0],
    ['when leaves are missing', () => `DELETE FROM audit_leaf WHERE first_index = 0`, 0],
    ['when a record stands where a pruning does', () => `UPDATE usage_log SET leaf_index = 40 WHERE ${at(0)}`, 0],
  ])('%s', async (_, script, leaf) => {
    await log.appendCalls(callsOf(50))
    await log.appendCalls(callsOf(50))
    await log.appendPruning({ log: uuidv4(), first: 0, end: 1 }, day(50).toISOString(), day(40).toISOString())
    await log.sign()
    await asSuperuser(script())
    const before = await left()
    const { recorded, outcome } = await prune(10)
    expect(recorded).toEqual([])
    expect(outcome).toContain(`Log ${log.log} is not as it was written: leaf ${leaf} `)
    expect(outcome).toContain('npm run audit -- verify')
    expect(await left()).toBe(before)
    await expect(createRetention(database.pool, [trusted]).count(day(10))).rejects.toThrow('is not as it was written')
  })

  it('when a record that is due was edited, but for what is due in other logs', async () => {
    const other = await createLoggedLog(database.pool)
    for (const each of [log, other]) await each.appendCalls(callsOf(1))
    await asSuperuser(`UPDATE usage_log SET model = 'x' WHERE ${at(12)}`)
    const { recorded, outcome } = await prune(10)
    expect(recorded).toMatchObject([{ prunedLogId: other.log, firstIndex: 0, endIndex: count }])
    expect(outcome).toContain('leaf 12 has a record that was edited')
    expect([await left(), await left(other.log)]).toEqual([count, 0])
  })

  it('of rows in a log that has no leaves', async () => {
    const id = uuidv4()
    const { decision, outcome } = callRecord(uuidv7(), { created_at: day(1).toISOString() })
    await insertRows(database.pool, [{ ...(decision as object), ...(outcome as object), log_id: id, leaf_index: 0 }])
    expect(await prune(10)).toEqual({ recorded: [], outcome: 0 })
    expect(await left(id)).toBe(1)
  })
})

describe('a pruning of a million leaves does not count', () => {
  beforeEach(async () => {
    await log.appendCalls(callsOf(50))
    await log.sign()
  })

  const pruningOf = () => ({
    at: day(50).toISOString(),
    end_index: 1_000_000,
    first_index: 0,
    id: uuidv4(),
    older_than: day(40).toISOString(),
    pruned_log_id: log.log,
  })
  type Forged = ReturnType<typeof pruningOf>

  const insert = ({ id, ...pruning }: Forged, place: { log: string; index: number }) =>
    database.pool.query('INSERT INTO audit_pruning VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
      id,
      place.log,
      place.index,
      pruning.pruned_log_id,
      pruning.first_index,
      pruning.end_index,
      pruning.older_than,
      pruning.at,
    ])
  const insertCheckpoint = (id: string, size: number, note: string) =>
    database.pool.query('INSERT INTO audit_checkpoint VALUES ($1, $2, $3, $4, now())', [
      id,
      size,
      note,
      Buffer.alloc(32),
    ])

  async function expectNothing() {
    expect(await prune(10)).toEqual({ recorded: [], outcome: 0 })
    expect(await left()).toBe(count)
  }

  it('under a checkpoint that is none', async () => {
    const id = uuidv4()
    await insert(pruningOf(), { log: id, index: 0 })
    await insertCheckpoint(id, 1, 'none')
    await expectNothing()
  })

  it('in a log of its own that another key signed', async () => {
    const id = uuidv4()
    const pruning = pruningOf()
    const frontier = createFrontier()
    frontier.append(recordHash({ pruning }))
    await database.pool.query('INSERT INTO audit_leaf VALUES ($1, 0, $2)', [id, frontier.root()])
    await insert(pruning, { log: id, index: 0 })
    const stranger = createSigner(generatePrivateKey())
    await insertCheckpoint(id, 1, signCheckpoint({ log: id, size: 1, root: frontier.root() }, [stranger]))
    await expectNothing()
  })

  it('in the place of a leaf that was signed and is of something else', async () => {
    await insert(pruningOf(), { log: log.log, index: 3 })
    await expectNothing()
  })

  it('with its leaf, after what was signed', async () => {
    const pruning = pruningOf()
    await insert(pruning, { log: log.log, index: count })
    await database.pool.query('INSERT INTO audit_leaf VALUES ($1, $2, $3)', [log.log, count, recordHash({ pruning })])
    await insertCheckpoint(log.log, 1_000, 'none')
    await expectNothing()
  })
})

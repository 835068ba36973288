import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leafData } from '../../../src/audit/ledger/ledger.ts'
import { createLedgerStore, isRefusal } from '../../../src/audit/ledger/store.ts'
import { leafHash } from '../../../src/transparency/hash.ts'
import { testDatabase } from '../../fakes/database.ts'
import { settled } from '../installation.ts'
import { makeOwner, makeRecord, type Owner, storeRecords } from '../records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let owner: Owner

beforeAll(async () => {
  database = await testDatabase()
  owner = await makeOwner(database.prisma)
})
afterAll(() => database.close())

const rowsOf = (logId: string) => database.prisma.usageLog.findMany({ where: { logId }, orderBy: { leafIndex: 'asc' } })

describe('records that are appended', () => {
  it('are stored in every field, and what is unknown as null', async () => {
    const contribution = {
      policy: 'block_personal_data',
      rule: 'block_personal_data',
      reason: 'contains_personal_data',
      score: 70,
      effect: 'score',
    } as const
    const full = makeRecord(owner, { contributions: [contribution] }, { cost_usd: 0.000000123 })
    const unknown = { status: null, input_tokens: null, output_tokens: null, upstream_ms: null, latency_ms: null }
    const bare = makeRecord(owner, { model: null, provider: null, policy_version: null, meta: null }, unknown)
    const log = randomUUID()
    await storeRecords(database.pool, [full, bare], log)
    const [first, second] = await rowsOf(log)
    expect(first).toMatchObject({
      id: full.decision.id,
      requestId: full.decision.request_id,
      customerId: owner.customerId,
      apiKeyId: owner.apiKeyId,
      model: 'gpt-4o',
      contributions: [contribution],
      meta: full.decision.meta,
      outcome: 'completed',
      inputTokens: 19,
      latencyMs: 12.5,
      createdAt: full.decision.created_at,
      leafIndex: 0n,
    })
    expect(first?.costUsd?.toNumber()).toBe(0.000000123)
    expect(second).toMatchObject({
      model: null,
      provider: null,
      policyVersion: null,
      status: null,
      inputTokens: null,
      costUsd: null,
      latencyMs: null,
      upstreamMs: null,
      meta: {},
      leafIndex: 1n,
    })
  })

  it('do not depend on a customer or key that was deleted', async () => {
    const log = randomUUID()
    await storeRecords(database.pool, [makeRecord({ customerId: uuidv7(), apiKeyId: uuidv7() })], log)
    expect(await rowsOf(log)).toHaveLength(1)
  })

  it('are stored together with their hashes or not at all, and never twice', async () => {
    const log = randomUUID()
    const record = makeRecord(owner)
    await storeRecords(database.pool, [record], log)
    const again = storeRecords(database.pool, [makeRecord(owner), record], randomUUID())
    await expect(again).rejects.toSatisfy(error => !isRefusal(error))
    expect(await database.prisma.auditLeaf.count({ where: { logId: log } })).toBe(1)
    expect(await rowsOf(log)).toHaveLength(1)
  })

  it('are known by their ids, as they stand', async () => {
    const [record, other] = [makeRecord(owner), makeRecord(owner)]
    await storeRecords(database.pool, [record, other])
    const { id, decision, outcome } = settled(record)
    const known = await createLedgerStore(database.pool).known([id, uuidv7()], () => null)
    const hash = leafHash(leafData({ decision, outcome }))
    expect(known).toEqual(new Map([[id, { decision, hash, isSigned: false }]]))
  })
})

describe('a log', () => {
  it('is loaded from its last checkpoint on', async () => {
    const store = createLedgerStore(database.pool)
    const log = randomUUID()
    expect(await store.load(log)).toEqual({ checkpoint: null, leaves: [], rows: [] })
    const records = [makeRecord(owner), makeRecord(owner)]
    await storeRecords(database.pool, records, log)
    expect((await store.load(log)).rows.map(({ index }) => index).sort()).toEqual([0, 1])
    const checkpoint = { size: 2, note: 'note', frontier: Buffer.alloc(32, 7) }
    await store.addCheckpoint(log, checkpoint)
    await store.addCheckpoint(log, checkpoint)
    expect(await store.load(log)).toEqual({ checkpoint, leaves: [], rows: [] })
  })
})

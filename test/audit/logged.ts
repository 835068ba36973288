import type pg from 'pg'
import { v4 as uuidv4 } from 'uuid'
import type { JsonObject } from '../../src/json.ts'
import { signCheckpoint } from '../../src/transparency/checkpoint.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { createSigner, generatePrivateKey, parseVerifierKey } from '../../src/transparency/keys.ts'
import { recordHash } from '../../src/transparency/record.ts'

const signer = createSigner(generatePrivateKey())
export const trusted = parseVerifierKey(signer.verifierKey)

/** The record of a call, by the form that leaves have. */
export function callRecord(id: string, decision: JsonObject = {}, outcome: JsonObject = {}): JsonObject {
  return {
    decision: {
      allowed: true,
      api_key_id: '019ab000-0000-7000-8000-000000000002',
      contributions: [],
      created_at: '2026-11-25T10:51:23.120Z',
      customer_id: '019ab000-0000-7000-8000-000000000001',
      id,
      model: 'gpt-4o',
      operation: 'chat.completions.create',
      provider: 'openai',
      reason: 'ok',
      request_id: '019ab000-0000-7000-8000-000000000003',
      risk_score: 0,
      source: 'proxy',
      ...decision,
    },
    outcome: { latency_ms: 12.5, outcome: 'completed', status: 200, ...outcome },
  }
}

/** Rows of usage_log by the names of its columns. */
export async function insertRows(pool: Pick<pg.Pool, 'query'>, rows: readonly object[]): Promise<void> {
  await pool.query(
    `INSERT INTO usage_log
    SELECT (jsonb_populate_record(NULL::usage_log, '{"meta":{}}' || row)).* FROM jsonb_array_elements($1) AS row`,
    [JSON.stringify(rows)],
  )
}

/** A log in the tables, written as the courier does: each record with its leaf. */
export async function createLoggedLog(pool: Pick<pg.Pool, 'query'>, log = uuidv4()) {
  await pool.query('INSERT INTO audit_key (verifier_key) VALUES ($1) ON CONFLICT DO NOTHING', [signer.verifierKey])
  const frontier = createFrontier()

  async function appendLeaves(records: readonly JsonObject[]): Promise<number> {
    const first = frontier.size
    const hashes = records.map(recordHash)
    for (const hash of hashes) frontier.append(hash)
    await pool.query('INSERT INTO audit_leaf VALUES ($1, $2, $3)', [log, first, Buffer.concat(hashes)])
    return first
  }

  return {
    log,

    async appendCalls(records: readonly JsonObject[]): Promise<void> {
      const first = await appendLeaves(records)
      const rows = records.map(({ decision, outcome }, i) => ({
        ...(decision as JsonObject),
        ...(outcome as JsonObject),
        log_id: log,
        leaf_index: first + i,
      }))
      await insertRows(pool, rows)
    },

    async appendPruning(pruned: { log: string; first: number; end: number }, at: string, olderThan: string) {
      const id = uuidv4()
      const pruning = { at, end_index: pruned.end, first_index: pruned.first, id, older_than: olderThan }
      const index = await appendLeaves([{ pruning: { ...pruning, pruned_log_id: pruned.log } }])
      await pool.query('INSERT INTO audit_pruning VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
        id,
        log,
        index,
        pruned.log,
        pruned.first,
        pruned.end,
        olderThan,
        at,
      ])
    },

    async sign(at = new Date()): Promise<void> {
      const note = signCheckpoint({ log, size: frontier.size, root: frontier.root() }, [signer])
      await pool.query('INSERT INTO audit_checkpoint VALUES ($1, $2, $3, $4, $5)', [
        log,
        frontier.size,
        note,
        frontier.serialise(),
        at,
      ])
    },
  }
}

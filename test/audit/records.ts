import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { leafData } from '../../src/audit/ledger/ledger.ts'
import { createLedgerStore } from '../../src/audit/ledger/store.ts'
import { writeDecision, writeOutcome } from '../../src/audit/record/record.ts'
import type { DecisionRecord, OutcomeRecord } from '../../src/contracts/record.ts'
import type { PrismaClient } from '../../src/database/generated/client.ts'
import { leafHash } from '../../src/transparency/hash.ts'

export type Owner = { customerId: string; apiKeyId: string }
export type MadeRecord = { decision: DecisionRecord; outcome: OutcomeRecord }

export async function makeOwner(prisma: PrismaClient): Promise<Owner> {
  const apiKeyId = uuidv7()
  const customer = await prisma.customer.create({
    data: {
      name: 'Alice',
      email: `${uuidv7()}@example.com`,
      keys: { create: { id: apiKeyId, apiKeyHash: 'x' } },
    },
  })
  return { customerId: customer.id, apiKeyId }
}

export function makeRecord(
  owner: Owner,
  decision: Partial<DecisionRecord> = {},
  outcome: Partial<OutcomeRecord> = {},
): MadeRecord {
  return { decision: { ...plainDecision(owner), ...decision }, outcome: { ...plainOutcome, ...outcome } }
}

function plainDecision({ customerId, apiKeyId }: Owner): DecisionRecord {
  return {
    id: uuidv7(),
    request_id: uuidv7(),
    customer_id: customerId,
    api_key_id: apiKeyId,
    source: 'proxy',
    operation: 'chat.completions.create',
    model: 'gpt-4o',
    provider: 'openai',
    allowed: true,
    risk_score: 0,
    reason: 'ok',
    contributions: [],
    shadow: null,
    rule_errors: null,
    policy_version: 'v1',
    meta: {
      source: 'proxy',
      operation: 'chat.completions.create',
      known_operation: true,
      model: 'gpt-4o',
      provider: 'openai',
      external: true,
      stream: false,
      max_output_tokens: null,
      sizes: { messages: 1, characters: 40, estimated_tokens: 10, tools: 0, images: 0, audio: 0, files: 0 },
      personal_data: { declared: false, types: { email: 1 }, uncertain: {} },
      secrets: {},
      custom: {},
      prompt_injection: { score: 0, speaker: null },
      tools: { names: [], total: 0 },
      caller: { key_name: '', key_age_days: 0, customer_email: 'alice@example.com' },
      at: Date.UTC(2026, 10, 25),
      usage: { month_cost: null },
      uninspectable_content: [],
      uninspected_characters: 0,
      declared: {},
    },
    created_at: new Date(),
  }
}

export const plainOutcome: OutcomeRecord = {
  outcome: 'completed',
  status: 200,
  input_tokens: 19,
  output_tokens: 10,
  cached_input_tokens: null,
  cost_usd: null,
  latency_ms: 12.5,
  upstream_ms: 8.25,
  response: null,
}

/** As the courier stores them: as the leaves of a log. */
export async function storeRecords(pool: pg.Pool, records: readonly MadeRecord[], log: string = randomUUID()) {
  const settled = records.map(({ decision, outcome }) => ({
    id: decision.id,
    decision: writeDecision(decision),
    outcome: writeOutcome(outcome),
  }))
  const hashes = settled.map(record => leafHash(leafData(record)))
  await createLedgerStore(pool).append(log, 0, Buffer.concat(hashes), settled)
}

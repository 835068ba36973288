import { v7 as uuidv7 } from 'uuid'
import type { UsageRecord } from '../../src/contracts/record.ts'
import type { PrismaClient } from '../../src/database/generated/client.ts'

type Owner = Pick<UsageRecord, 'customerId' | 'apiKeyId'>

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

export function makeRecord(owner: Owner, fields: Partial<UsageRecord> = {}): UsageRecord {
  return {
    id: uuidv7(),
    requestId: uuidv7(),
    ...owner,
    source: 'proxy',
    operation: 'chat.completions.create',
    model: 'gpt-4o',
    provider: 'openai',
    allowed: true,
    riskScore: 0,
    reason: 'ok',
    contributions: [],
    shadow: null,
    ruleErrors: null,
    policyVersion: 'v1',
    outcome: 'completed',
    status: 200,
    inputTokens: 19,
    outputTokens: 10,
    cachedInputTokens: null,
    latencyMs: 12.5,
    upstreamMs: 8.25,
    facts: {
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
    response: null,
    createdAt: new Date(),
    ...fields,
  }
}

// Fills an empty database with decisions as a month of traffic leaves them: `fill.ts <url> [rows]`.
import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { leafData } from '../../src/audit/ledger/ledger.ts'
import { createLedgerStore, type Settled } from '../../src/audit/ledger/store.ts'
import { writeDecision, writeOutcome } from '../../src/audit/record/record.ts'
import type { Facts } from '../../src/contracts/facts.ts'
import { openDatabase } from '../../src/database/client.ts'
import { migrate } from '../../src/database/migrate.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { effectiveDocuments } from '../../src/policy/documents.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { leafHash } from '../../src/transparency/hash.ts'

const [url = '', wanted = '1000000'] = process.argv.slice(2)
const count = Number(wanted)
const batchSize = 1_000
const customers = 50
const keysOfEach = 4
const msPerDay = 86_400_000

/** Mulberry32 (public domain): the same rows each time. */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (limit: number) => Math.floor(next() * limit),
    chance: (share: number) => next() < share,
    one: <T>(choices: readonly [T, ...T[]]): T => choices[Math.floor(next() * choices.length)] ?? choices[0],
  }
}

const random = createRandom(4)
const { below, chance, one } = random

type Owner = { customerId: string; apiKeyId: string; email: string; keyName: string }

function factsOf({ email, keyName }: Owner, at: number): Facts {
  const operation = one(['chat.completions.create', 'chat.completions.create', 'responses.create', 'embeddings.create'])
  const [provider, model] = one([
    ['openai', 'gpt-4o'],
    ['openai', 'gpt-4o-mini'],
    ['mistral', 'mistral-large-latest'],
    ['ollama', 'llama-3.3-70b'],
  ])
  const characters = 200 + below(chance(0.1) ? 200_000 : 8_000)
  const tools = chance(0.2) ? ['search_orders', 'read_file', 'write_file', 'send_mail'].slice(0, 1 + below(4)) : []
  return {
    source: chance(0.95) ? 'proxy' : 'check',
    operation,
    known_operation: true,
    model,
    provider,
    external: provider !== 'ollama',
    stream: chance(0.6),
    max_output_tokens: chance(0.5) ? 256 * (1 + below(32)) : null,
    sizes: {
      messages: 1 + below(20),
      characters,
      estimated_tokens: Math.ceil(characters / 4),
      tools: tools.length,
      images: chance(0.03) ? 1 : 0,
      audio: 0,
      files: chance(0.02) ? 1 : 0,
    },
    personal_data: {
      declared: chance(0.01),
      types: {
        ...(chance(0.04) && { email: 1 + below(3) }),
        ...(chance(0.02) && { phone: 1 }),
        ...(chance(0.3) && { person_name: 1 + below(4) }),
        ...(chance(0.4) && { url: 1 + below(9), date_time: 1 }),
      },
      uncertain: {},
    },
    secrets: chance(0.003) ? { secret_token: 1 } : {},
    custom: chance(0.01) ? { code_name: 1 } : {},
    prompt_injection: { score: chance(0.02) ? below(100) / 100 : 0, speaker: null },
    tools: { names: tools, total: tools.length },
    caller: { key_name: keyName, key_age_days: below(400), customer_email: email },
    at,
    usage: { month_cost: null },
    uninspectable_content: chance(0.03) ? ['image'] : [],
    uninspected_characters: 0,
    declared: {
      ...(chance(0.5) && { intent: one(['support', 'summary', 'coding', 'translation']) }),
      ...(chance(0.3) && { team: one(['sales', 'legal', 'platform']) }),
    },
  }
}

await migrate(url)
const { prisma, pool, close } = openDatabase(url)
const policies = createPolicyStore(prisma)
await policies.seed()

const owners: Owner[] = []
for (let customer = 0; customer < customers; customer++) {
  const email = `customer-${customer}@example.com`
  const keys = Array.from({ length: keysOfEach }, (_, key) => ({ id: uuidv7(), name: `key-${key}`, apiKeyHash: 'x' }))
  const { id } = await prisma.customer.create({ data: { name: email, email, keys: { create: keys } } })
  owners.push(...keys.map(key => ({ customerId: id, apiKeyId: key.id, email, keyName: key.name })))
}

const documents = effectiveDocuments({
  block_external_models: { approved_providers: ['openai', 'mistral'] },
  rules: {
    rules: [
      { id: 'old_key', when: 'key.age_days > 390', effect: 'block', mode: 'shadow' },
      { id: 'large', when: 'call.estimated_tokens > 40000', effect: 'block', rollout: { percent: 50, by: 'key' } },
      { id: 'writes', when: "tools.names.exists(tool, tool.startsWith('write_'))", effect: { score: 20 } },
    ],
  },
})
const policy = compilePolicy(documents)
await prisma.policySet.create({ data: { hash: policy.version, documents } })

const { append } = createLedgerStore(pool)
const log = randomUUID()
const start = Date.now() - 29 * msPerDay
const step = (29 * msPerDay) / count
for (let done = 0; done < count; done += batchSize) {
  const rows: Settled[] = []
  for (let i = done; i < Math.min(done + batchSize, count); i++) {
    const owner = owners[below(owners.length)]
    if (owner === undefined) throw new Error('There are no owners')
    const createdAt = new Date(start + Math.floor(i * step))
    rows.push(rowOf(owner, createdAt))
  }
  await append(log, done, Buffer.concat(rows.map(row => leafHash(leafData(row)))), rows)
}
await pool.query('ANALYZE usage_log')
await close()

function rowOf(owner: Owner, createdAt: Date): Settled {
  const { customerId, apiKeyId } = owner
  const id = uuidv7({ msecs: createdAt.getTime() })
  const facts = factsOf(owner, createdAt.getTime())
  const decision = policy.decide(facts, { customer: customerId, key: apiKeyId, call: id })
  return {
    id,
    decision: writeDecision({
      id,
      request_id: uuidv7(),
      customer_id: customerId,
      api_key_id: apiKeyId,
      source: facts.source,
      operation: facts.operation,
      model: facts.model,
      provider: facts.provider,
      allowed: decision.allowed,
      risk_score: decision.risk_score,
      reason: decision.reason,
      contributions: decision.contributions,
      shadow: decision.shadow.length === 0 ? null : decision.shadow,
      rule_errors: decision.errors.length === 0 ? null : decision.errors,
      policy_version: decision.policy_version,
      meta: facts,
      created_at: createdAt,
    }),
    outcome: writeOutcome({
      outcome: decision.allowed ? 'completed' : 'policy_refused',
      status: decision.allowed ? 200 : 403,
      input_tokens: facts.sizes.estimated_tokens,
      output_tokens: below(900),
      cached_input_tokens: null,
      cost_usd: below(1_000) / 1e5,
      latency_ms: 200 + below(5_000),
      upstream_ms: 150 + below(900),
      response: null,
    }),
  }
}

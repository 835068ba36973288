// What a caller can learn of its own decisions, and of nobody else's.
import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let alice: Awaited<ReturnType<typeof proxy.addCustomer>>
let refused: string

beforeAll(async () => {
  database = await testDatabase()
  proxy = await startProxy({ database })
  alice = await proxy.addCustomer()
  const body = JSON.stringify({ model: 'gpt-4', operation: 'classify', metadata: { contains_personal_data: true } })
  const answer = await fetch(`${proxy.url}/v1/check`, { method: 'POST', headers: headersOf(alice.token), body })
  refused = ((await answer.json()) as { decision_id: string }).decision_id
  await proxy.records(1, alice.keyId)
})
afterAll(async () => {
  await proxy.stop()
  await database.close()
})

const headersOf = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })

async function ask(id: string, token: string) {
  const response = await fetch(`${proxy.url}/api/decisions/${id}`, { headers: { authorization: `Bearer ${token}` } })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

describe('GET /api/decisions/:id', () => {
  test('explains a refusal to a key of the customer whose call it was', async () => {
    const { status, body } = await ask(refused, alice.token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      decision_id: refused,
      allowed: false,
      reason: 'contains_personal_data',
      risk_score: 70,
      threshold: 50,
      outcome: 'policy_refused',
      contributions: [{ policy: 'block_personal_data', rule: 'block_personal_data', score: 70 }],
      remedies: ['Declare no personal data.'],
      explanation: { rules: [{ rule: 'block_personal_data', because: 'the call carries personal data' }] },
      facts: { source: 'check', operation: 'classify', model: 'gpt-4' },
    })
  })

  test('leaves out of the facts nothing that the record holds, and adds nothing', async () => {
    const [record] = await proxy.records(1, alice.keyId)
    expect((await ask(refused, alice.token)).body.facts).toEqual(record?.meta)
  })

  test('answers for the decisions of others as for those that do not exist', async () => {
    const bob = await proxy.addCustomer()
    const others = await ask(refused, bob.token)
    const nobodys = await ask(uuidv7(), bob.token)
    expect([others.status, nobodys.status]).toEqual([404, 404])
    expect(others.body).toEqual(nobodys.body)
    expect(others.body).toMatchObject({ error: { code: 'decision_not_found' } })
  })

  test.each(['x', '..', "'; SELECT 1", randomUUID().slice(1)])('refuses %j, which is no id', async id => {
    expect((await ask(encodeURIComponent(id), alice.token)).status).toBeGreaterThanOrEqual(400)
  })

  test('needs a key, and takes a request from its limit', async () => {
    expect((await ask(refused, 'api_none')).status).toBe(401)
    const limited = await proxy.addCustomer({ rate_limit: { requests: 1, window_seconds: 3600 } })
    expect((await ask(refused, limited.token)).headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect((await ask(refused, limited.token)).status).toBe(429)
  })

  test('says what the record says where the policies that judged are not kept', async () => {
    const id = uuidv7()
    await database.prisma.$executeRaw`
      INSERT INTO usage_log (id, request_id, customer_id, api_key_id, source, operation, allowed, risk_score, reason,
        contributions, policy_version, outcome, latency_ms, meta, created_at)
      SELECT ${id}::uuid, request_id, customer_id, api_key_id, source, operation, allowed, risk_score, reason,
        contributions, 'gone', outcome, latency_ms, meta, created_at FROM usage_log WHERE id = ${refused}::uuid`
    const { status, body } = await ask(id, alice.token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ allowed: false, risk_score: 70, threshold: null, remedies: null })
  })

  test('leaves no record of its own', async () => {
    const before = await database.prisma.usageLog.count()
    await ask(refused, alice.token)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(await database.prisma.usageLog.count()).toBe(before)
  })
})

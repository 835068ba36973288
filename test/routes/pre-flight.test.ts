import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  proxy = await startProxy({ database })
})
afterAll(async () => {
  await proxy.stop()
  await database.close()
})

type Answer = Record<string, unknown> & { error: { code: string } }

async function post(path: string, body?: unknown, token = proxy.token) {
  const response = await fetch(`${proxy.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Answer
  return { status: response.status, headers: response.headers, body: answer }
}

const question = (metadata: Record<string, unknown> = {}) => ({ model: 'gpt-4', operation: 'classify', metadata })

describe('POST /v1/check', () => {
  const cases: [string, Record<string, unknown>, allowed: boolean, score: number, reason: string][] = [
    [
      'nothing to mind',
      { intent: 'spam_detection', contains_personal_data: false, is_external_model: false },
      true,
      0,
      'ok',
    ],
    ['personal data', { contains_personal_data: true, is_external_model: false }, false, 70, 'contains_personal_data'],
    ['an external model', { contains_personal_data: false, is_external_model: true }, false, 50, 'external_model'],
    ['both', { contains_personal_data: true, is_external_model: true }, false, 120, 'contains_personal_data'],
  ]
  test.each(cases)('scores %s as the seed does', async (_name, metadata, allowed, risk_score, reason) => {
    const stranger = await proxy.addCustomer({ block_external_models: { approved_providers: [] } })
    const answer = await post('/v1/check', question(metadata), stranger.token)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ allowed, risk_score, reason, threshold: 50 })
  })

  test('explains itself, and the record says the same', async () => {
    const caller = await proxy.addCustomer()
    const { body, headers } = await post(
      '/v1/check',
      question({ contains_personal_data: true, intent: 'spam_detection' }),
      caller.token,
    )
    expect(body).toEqual({
      allowed: false,
      risk_score: 70,
      threshold: 50,
      reason: 'contains_personal_data',
      reasons: ['contains_personal_data'],
      contributions: [
        {
          policy: 'block_personal_data',
          rule: 'block_personal_data',
          reason: 'contains_personal_data',
          score: 70,
          effect: 'score',
        },
      ],
      remedies: ['Declare no personal data.'],
      explanation: {
        rules: [{ ...(body.contributions as object[])[0], because: 'the call carries personal data' }],
        risk_score: 70,
        threshold: 50,
        policy_version: body.policy_version,
        changes: [{ caller: 'declare no personal data', owner: null, command: null }],
      },
      decision_id: headers.get('x-governance-decision-id'),
      policy_version: expect.any(String),
    })
    expect(headers.get('x-governance-reasons')).toBe('contains_personal_data')
    expect(headers.get('x-governance-policy-version')).toBe(body.policy_version)
    const [row] = await proxy.records(1, caller.keyId)
    expect(row).toMatchObject({
      id: body.decision_id,
      requestId: headers.get('x-request-id'),
      source: 'check',
      operation: 'classify',
      model: 'gpt-4',
      allowed: false,
      riskScore: 70,
      reason: 'contains_personal_data',
      contributions: body.contributions,
      policyVersion: body.policy_version,
      outcome: 'policy_refused',
      status: 200,
      inputTokens: null,
      costUsd: null,
    })
    expect(row?.meta).toMatchObject({ declared: { intent: 'spam_detection', contains_personal_data: true } })
  })

  test("takes the caller's word over what the model's name suggests", async () => {
    const stranger = await proxy.addCustomer({ block_external_models: { approved_providers: [] } })
    expect((await post('/v1/check', question(), stranger.token)).body).toMatchObject({ reason: 'external_model' })
    expect((await post('/v1/check', question({ is_external_model: false }), stranger.token)).body).toMatchObject({
      reason: 'ok',
    })
  })

  test("lets an operation be the caller's own word, and judges the proxy's own names", async () => {
    const caller = await proxy.addCustomer()
    const about = async (operation: string) =>
      (await post('/v1/check', { ...question(), operation }, caller.token)).body
    expect(await about('files')).toMatchObject({ allowed: true })
    expect(await about('files.create')).toMatchObject({ allowed: false, reason: 'operation_not_allowed' })
  })
})

describe('POST /api/evaluate', () => {
  test('says whose key it is', async () => {
    const { status, body } = await post('/api/evaluate')
    expect(status).toBe(200)
    expect(body).toEqual({ status: 'ok', customer_id: proxy.customerId, message: 'API key verified successfully' })
  })

  test.each([
    ['an empty body as JSON', 'application/json', ''],
    ['an empty object', 'application/json', '{}'],
    ['an empty form', 'application/x-www-form-urlencoded', ''],
    ['an empty text', 'text/plain', ''],
  ])('takes %s for none', async (_what, type, body) => {
    const headers = { authorization: `Bearer ${proxy.token}`, 'content-type': type }
    const response = await fetch(`${proxy.url}/api/evaluate`, { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ customer_id: proxy.customerId }),
    ])
  })

  test('reads no long body, and none of a stranger', async () => {
    const send = (token: string, length: number) =>
      fetch(`${proxy.url}/api/evaluate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: ' '.repeat(length),
      })
    expect((await send(proxy.token, 100_000)).status).toBe(413)
    expect((await send('wrong', 10)).status).toBe(401)
  })

  test('takes from the limit, and says when it is used up', async () => {
    const caller = await proxy.addCustomer({ rate_limit: { requests: 2, window_seconds: 60 } })
    expect((await post('/api/evaluate', undefined, caller.token)).headers.get('x-ratelimit-remaining-requests')).toBe(
      '1',
    )
    await post('/api/evaluate', undefined, caller.token)
    const refused = await post('/api/evaluate', undefined, caller.token)
    expect(refused.status).toBe(429)
    expect(refused.body.error.code).toBe('rate_limit_exceeded')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('is not recorded: it decides nothing', async () => {
    const caller = await proxy.addCustomer()
    await post('/api/evaluate', undefined, caller.token)
    await post('/v1/check', question(), caller.token)
    expect(await proxy.records(1, caller.keyId)).toHaveLength(1)
  })
})

test('a call past the limit is recorded too', async () => {
  const caller = await proxy.addCustomer({ rate_limit: { requests: 1, window_seconds: 60 } })
  await post('/v1/check', question(), caller.token)
  expect((await post('/v1/check', question(), caller.token)).status).toBe(429)
  const rows = await proxy.records(2, caller.keyId)
  expect(rows[1]).toMatchObject({
    outcome: 'rate_limited',
    allowed: false,
    status: 429,
    reason: 'rate_limit_exceeded',
    policyVersion: null,
  })
})

// Asking without leaving a trace is for keys that were made for it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyStore } from '../../src/keys/store.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let token: string
let customerId: string

beforeAll(async () => {
  database = await testDatabase()
  proxy = await startProxy({ database })
  const keys = createKeyStore(database.prisma)
  const made = await keys.create({ email: 'ci@example.com', scopes: ['policies:simulate'] })
  token = made.token
  customerId = made.customerId
})
afterAll(async () => {
  await proxy.stop()
  await database.close()
})

async function simulate(body: unknown, key = token) {
  const response = await fetch(`${proxy.url}/api/policies/simulate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('POST /api/policies/simulate', () => {
  test('allows the facts of a plain call', async () => {
    expect(await simulate({ facts: {} })).toMatchObject({
      status: 200,
      body: { allowed: true, risk_score: 0, threshold: 50, reason: 'ok', contributions: [], remedies: [] },
    })
  })

  test('judges facts by the policies of the customer, and explains itself', async () => {
    const policies = createPolicyStore(database.prisma)
    await policies.set('block_personal_data', { score: 60 }, customerId)
    const facts = { provider: 'somewhere', external: true, personal_data: { types: { email: 2 } } }
    await expect.poll(async () => (await simulate({ facts })).body.risk_score).toBe(110)
    expect((await simulate({ facts })).body).toMatchObject({
      allowed: false,
      reason: 'contains_personal_data',
      reasons: ['contains_personal_data', 'external_model'],
      remedies: ['Remove 2 e-mail addresses.', expect.stringContaining('approve provider somewhere')],
    })
  })

  test('refuses a key without the scope, before it looks at the facts', async () => {
    expect(await simulate('not even JSON', proxy.token)).toMatchObject({
      status: 403,
      body: { error: { code: 'missing_scope' } },
    })
    expect((await simulate({ facts: {} }, 'api_none')).status).toBe(401)
  })

  test.each([
    ['nothing', {}],
    ['a fact that does not exist', { facts: { modle: 'gpt-4o' } }],
    ['a fact of another type', { facts: { external: 'yes' } }],
    ['content', { facts: {}, messages: [{ role: 'user', content: 'Hello' }] }],
    ['what is not JSON', '{'],
  ])('refuses %s with 400', async (_case, body) => {
    expect((await simulate(body)).status).toBe(400)
  })

  test('records nothing', async () => {
    await simulate({ facts: {} })
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(await database.prisma.usageLog.count()).toBe(0)
  })
})

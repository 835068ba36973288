import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRecord, storeRecords } from '../audit/records.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let upstream: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  upstream = await startRecorder()
  proxy = await startProxy({ database, env: { OPENAI_BASE_URL: upstream.url } })
})
afterAll(async () => {
  await proxy.stop()
  await upstream.stop()
  await database.close()
})

const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })

async function chat(token: string, body: object = {}) {
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  })
  const { error } = (await response.json()) as { error?: Record<string, unknown> }
  return { status: response.status, headers: response.headers, error }
}

test("a refusal by an owner's rule explains itself, in its body, its headers and the record", async () => {
  const caller = await proxy.addCustomer({
    rules: {
      rules: [
        {
          id: 'no_writing',
          description: 'Tools read',
          when: "tools.names.exists(name, name.startsWith('write_'))",
          effect: 'block',
          reason: 'tool_not_allowed',
        },
        { id: 'few_tools', when: 'tools.total > 1', effect: 'block', mode: 'shadow' },
      ],
    },
  })
  expect((await chat(caller.token, { tools: [tool('read_file')] })).status).toBe(200)

  const { status, headers, error } = await chat(caller.token, { tools: [tool('read_file'), tool('write_file')] })
  expect(status).toBe(403)
  expect(error).toMatchObject({
    code: 'tool_not_allowed',
    message:
      'Refused by policy: the rule no_writing applies (Tools read) (risk score 100, threshold 50). ' +
      'Do not offer these tools: write_file.',
    explanation: {
      rules: [{ rule: 'no_writing', effect: 'block' }],
      changes: [{ caller: 'do not offer these tools: write_file', owner: null }],
    },
  })
  expect(headers.get('x-governance-reasons')).toBe('tool_not_allowed')
  expect(headers.get('x-governance-policy-version')).toBe(error?.policy_version)

  const [, refused] = await proxy.records(2, caller.keyId)
  expect(refused).toMatchObject({
    allowed: false,
    reason: 'tool_not_allowed',
    shadow: [{ rule: 'few_tools', effect: 'block' }],
    ruleErrors: null,
    meta: {
      tools: { names: ['read_file', 'write_file'], total: 2 },
      caller: { key_age_days: 0, customer_email: expect.stringContaining('@example.com') },
      usage: { month_cost: null },
    },
  })
})

test('a budget for the month counts what the records say', async () => {
  const caller = await proxy.addCustomer({
    rules: { rules: [{ id: 'budget', when: 'usage.month_cost >= 5.0', effect: 'block' }] },
  })
  const owner = { customerId: caller.customerId, apiKeyId: caller.keyId }
  const lastMonth = new Date(Date.now() - 40 * 86_400_000)
  await storeRecords(database.pool, [
    makeRecord(owner, {}, { cost_usd: 6 }),
    makeRecord(owner),
    makeRecord(owner, { created_at: lastMonth }, { cost_usd: 100 }),
  ])
  expect(await chat(caller.token)).toMatchObject({ status: 403, error: { code: 'budget' } })
  const records = await proxy.records(4, caller.keyId)
  expect(records.find(({ reason }) => reason === 'budget')).toMatchObject({ meta: { usage: { month_cost: 6 } } })
})

test('of several limits of the output, the largest is judged', async () => {
  const long = { id: 'long', when: 'call.max_output_tokens > 1000', effect: 'block' }
  const { token } = await proxy.addCustomer({ rules: { rules: [long] } })
  const statusOf = async (body: object) => (await chat(token, body)).status
  expect(await statusOf({ max_tokens: 100, max_completion_tokens: null })).toBe(200)
  expect(await statusOf({ max_tokens: 100_000 })).toBe(403)
  expect(await statusOf({ max_completion_tokens: 1, max_tokens: 100_000 })).toBe(403)
  expect(await statusOf({ max_completion_tokens: 1, max_output_tokens: 100_000 })).toBe(403)
})

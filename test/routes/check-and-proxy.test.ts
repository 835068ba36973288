// What the check says of a call is what the proxy does with it, under whatever name the caller knows the model.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyKey } from '../../src/contracts/decision.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let outside: Awaited<ReturnType<typeof startRecorder>>
let proxy: Awaited<ReturnType<typeof startProxy>>

beforeAll(async () => {
  database = await testDatabase()
  outside = await startRecorder()
  proxy = await startProxy({
    database,
    env: { OPENAI_BASE_URL: outside.url, OPENROUTER_BASE_URL: outside.url, OPENROUTER_API_KEY: 'sk-other' },
    policies: { rate_limit: { requests: 100_000 } },
  })
})
afterAll(async () => {
  await proxy.stop()
  await outside.stop()
  await database.close()
})

const names = [
  'gpt-4o',
  'openai/gpt-4o',
  'openai/org/gpt-4o',
  'gpt-4',
  'openai/gpt-4',
  'openrouter/gpt-4o',
  'openrouter/auto',
  'openrouter/openai/gpt-4o',
  'x-ai/grok-4',
]
const approved = { approved_providers: ['openai', 'openrouter'] }
const rule = (when: string, effect: unknown = 'block') => ({ rules: { rules: [{ id: 'own', when, effect }] } })
const policies: [string, Partial<Record<PolicyKey, unknown>>][] = [
  ['a bare name is allowed', { allowed_models: { models: ['gpt-4o'] } }],
  ['a name with its provider is allowed', { allowed_models: { models: ['openai/gpt-4o'] } }],
  ["a provider's models are allowed", { allowed_models: { models: ['openrouter/*'] } }],
  ['a model is blocked', rule('call.model == "gpt-4o"')],
  ['names with a slash score', rule('call.model.contains("/")', { score: 60 })],
  ['a provider is blocked', rule('call.provider == "openai"')],
  ['one provider is approved', { block_external_models: { approved_providers: ['openrouter'] } }],
]

test.each(policies)('where %s', async (_what, documents) => {
  const { token } = await proxy.addCustomer({ block_external_models: approved, ...documents })
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(`${proxy.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const decisions = new Set<boolean>()
  for (const model of names) {
    const { body: said } = await post('/v1/check', { model, operation: 'chat.completions.create' })
    const done = await post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello' }] })
    const { code = 'ok', risk_score = said.risk_score } = (done.body.error ?? {}) as Record<string, unknown>
    expect([model, done.status, code, risk_score]).toEqual([
      model,
      said.allowed === true ? 200 : 403,
      said.reason,
      said.risk_score,
    ])
    decisions.add(said.allowed === true)
  }
  expect(decisions.size).toBe(2)
})

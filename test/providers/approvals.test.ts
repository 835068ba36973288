// From the demo to a real provider: what a newcomer is told at each start.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { providerAt } from '../../providers/configure.ts'
import { providers } from '../../providers/index.ts'
import { approvalsMissing, makeFirstKey, welcome } from '../../src/bootstrap.ts'
import { loadConfig } from '../../src/config.ts'
import { createKeyStore } from '../../src/keys/store.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { testDatabase } from '../fakes/database.ts'
import { placeEmbedded } from '../fakes/embedded.ts'
import { startServer } from '../fakes/process.ts'
import { startProxy } from '../fakes/proxy.ts'
import { startRecorder } from '../fakes/recorder.ts'

const configured = ['openai', 'mistral', 'ollama'].map(name => {
  const found = providers.find(({ id }) => id === name)
  if (found === undefined) throw new Error('There is no such provider')
  return providerAt(found, 'https://llm.example/v1', 'key')
})

test('external providers that nobody may use are named, with the command that approves them', async () => {
  const database = await testDatabase()
  const keys = createKeyStore(database.prisma)
  const policies = createPolicyStore(database.prisma)
  await policies.seed()
  await makeFirstKey({ keys, policies, providers: [] })
  const missing = () => approvalsMissing({ keys, policies, providers: configured })
  expect(await missing()).toContain('npm run policy -- approve admin@example.com openai,mistral\n')
  const alice = await keys.create({ email: 'alice@example.com' })
  await policies.approve(['openai'], alice.customerId)
  expect(await missing()).toContain('npm run policy -- approve admin@example.com mistral\n')
  await policies.approve(['mistral'], alice.customerId)
  expect(await missing()).toBe('')
  await database.close()
})

/** The call that is printed last, as a shell would read it. */
function printedCall(text: string) {
  const [, url = '', headers = '', body = ''] =
    /.*curl (\S+)((?:[ \\\n]+-H "[^"]+")+)(?:[ \\\n]+-d '(.*)')?/s.exec(text) ?? []
  const pairs = [...headers.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(([, name = '', value = '']) => [name, value])
  return { url, headers: Object.fromEntries(pairs) as Record<string, string>, body }
}

test.each([
  [{ VLLM_MODELS: 'org-*,org/m1' }, 'vllm/org/m1'],
  [{ CUSTOM_PROVIDERS: 'acme', ACME_BASE_URL: 'UPSTREAM', ACME_EXTERNAL: 'false', ACME_MODELS: 'm2' }, 'acme/m2'],
  [{ OLLAMA_BASE_URL: 'UPSTREAM' }, 'ollama/llama3.2'],
  [{ OLLAMA_BASE_URL: 'UPSTREAM', OLLAMA_MODELS: 'qwen3' }, 'ollama/qwen3'],
])('the first call that is shown answers as it stands: %j', async (env, model) => {
  const upstream = await startRecorder()
  const database = await testDatabase()
  const settings = { OPENAI_API_KEY: '', VLLM_BASE_URL: 'UPSTREAM', ...env }
  const placed = Object.entries(settings).map(([name, value]) => [name, value.replace('UPSTREAM', upstream.url)])
  const given = Object.fromEntries(placed) as Record<string, string>
  const proxy = await startProxy({ database, env: given })
  try {
    const { url, ...call } = printedCall(welcome(proxy.url, proxy.token, loadConfig(given).providers))
    expect(JSON.parse(call.body).model).toBe(model)
    expect((await fetch(url, { method: 'POST', ...call })).status).toBe(200)
  } finally {
    await proxy.stop()
    await upstream.stop()
    await database.close()
  }
})

test('where no model is known by name, the first call lists them, and the next one says what is missing', () => {
  const providers = loadConfig({ VLLM_BASE_URL: 'http://127.0.0.1:8001/v1', VLLM_MODELS: 'org-*' }).providers
  const text = welcome('http://127.0.0.1:8000', 'api_key', providers)
  const [listing = '', chat = ''] = text.split('Put the id of one in the place of <model>')
  expect(printedCall(listing)).toEqual({
    url: 'http://127.0.0.1:8000/v1/models',
    headers: { Authorization: 'Bearer api_key' },
    body: '',
  })
  expect(JSON.parse(printedCall(chat).body).model).toBe('<model>')
})

test('a provider that is added after the first start is asked for', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'governance-approvals-'))
  placeEmbedded(dataDir)
  const first = await startServer({ DATA_DIR: dataDir })
  await first.firstKey()
  expect(first.text()).toContain('first API key, of admin@example.com')
  await first.end()
  const second = await startServer({ DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-upstream' })
  await expect.poll(second.text).toContain('npm run policy -- approve admin@example.com openai\n')
  await second.end()
  await rm(dataDir, { recursive: true, force: true })
}, 60_000)

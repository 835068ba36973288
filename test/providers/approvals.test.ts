// From the demo to a real provider: what a newcomer is told at each start.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { providerAt } from '../../providers/configure.ts'
import { providers } from '../../providers/index.ts'
import { approvalsMissing, makeFirstKey } from '../../src/bootstrap.ts'
import { createKeyStore } from '../../src/keys/store.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { testDatabase } from '../fakes/database.ts'
import { placeEmbedded } from '../fakes/embedded.ts'
import { startServer } from '../fakes/process.ts'

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

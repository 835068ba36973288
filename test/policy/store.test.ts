import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyKeys } from '../../src/contracts/decision.ts'
import { createKeyStore } from '../../src/keys/store.ts'
import { effectiveDocuments, InvalidPolicyError } from '../../src/policy/documents.ts'
import { createPolicyStore, type PolicyStore } from '../../src/policy/store.ts'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let store: PolicyStore

beforeAll(async () => {
  database = await testDatabase()
  store = createPolicyStore(database.prisma)
})
afterAll(() => database.close())

async function customer(email: string): Promise<string> {
  return (await createKeyStore(database.prisma).create({ email })).customerId
}

test('before anything is stored the defaults hold, and a change says what is missing', async () => {
  expect(await store.load(null)).toEqual(effectiveDocuments())
  await expect(store.set('rate_limit', { requests: 5 }, null)).rejects.toThrow('npm run seed-policies')
})

describe('once seeded', () => {
  beforeAll(() => store.seed())

  test('there is a row a document, and seeding again leaves alone what an owner has set', async () => {
    expect(await database.prisma.policy.count()).toBe(policyKeys.length)
    await store.set('risk_threshold', { threshold: 80 }, null)
    expect(await store.seed()).toBe(0)
    expect((await store.load(null)).risk_threshold).toEqual({ threshold: 80 })
    await store.unset('risk_threshold', null)
    expect((await store.load(null)).risk_threshold).toEqual({ threshold: 50 })
  })

  test('what one customer has is laid over what everyone has, and no other customer sees it', async () => {
    const [alice, bob] = await Promise.all([customer('alice@example.com'), customer('bob@example.com')])
    await store.set('rate_limit', { requests: 5 }, alice)
    await store.set('rate_limit', { window_seconds: 10 }, null)
    expect((await store.load(alice)).rate_limit).toEqual({ requests: 5, window_seconds: 10 })
    expect((await store.load(bob)).rate_limit).toEqual({ requests: 100, window_seconds: 10 })
    await store.unset('rate_limit', alice)
    expect((await store.load(alice)).rate_limit).toEqual({ requests: 100, window_seconds: 10 })
    await store.unset('rate_limit', null)
  })

  test('a fault is refused, and nothing is written', async () => {
    const carol = await customer('carol@example.com')
    await expect(store.set('rate_limit', { requests: 'many' }, carol)).rejects.toThrow(InvalidPolicyError)
    await expect(store.set('rate_limit', { requests: 0 }, null)).rejects.toThrow('rate_limit.requests')
    expect(await database.prisma.customerPolicy.count({ where: { customerId: carol } })).toBe(0)
    expect(await store.load(carol)).toEqual(effectiveDocuments())
  })

  test('ten writers of one document at once: every change is kept', async () => {
    const dave = await customer('dave@example.com')
    const providers = Array.from({ length: 10 }, (_, n) => `provider-${n}`)
    await Promise.all([
      ...providers.map(provider => store.approve([provider], dave)),
      store.set('block_external_models', { score: 60 }, dave),
    ])
    const { approved_providers, score } = (await store.load(dave)).block_external_models
    expect([...approved_providers].sort()).toEqual(providers)
    expect(score).toBe(60)
  })

  test('approving keeps what everyone has, and approving again changes nothing', async () => {
    const erin = await customer('erin@example.com')
    await store.set('block_external_models', { approved_providers: ['mistral'] }, null)
    await store.approve(['openai'], erin)
    await store.approve(['openai', 'mistral'], erin)
    expect((await store.load(erin)).block_external_models.approved_providers).toEqual(['mistral', 'openai'])
    await store.unset('block_external_models', null)
  })

  test('a stored document that someone spoilt by hand is not used', async () => {
    const frank = await customer('frank@example.com')
    await store.set('rate_limit', { requests: 5 }, frank)
    await database.prisma.customerPolicy.updateMany({ where: { customerId: frank }, data: { value: { requests: -1 } } })
    await expect(store.load(frank)).rejects.toThrow('rate_limit.requests')
  })
})

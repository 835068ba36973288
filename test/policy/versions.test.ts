import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyStore } from '../../src/keys/store.ts'
import { CustomersBrokenError } from '../../src/policy/changes/broken.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { effectiveDocuments, InvalidPolicyError } from '../../src/policy/documents.ts'
import { createPolicyStore, type PolicyStore } from '../../src/policy/store.ts'
import { ConflictError } from '../../src/policy/versions.ts'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let store: PolicyStore

beforeAll(async () => {
  database = await testDatabase()
  store = createPolicyStore(database.prisma)
  await store.seed()
})
afterAll(() => database.close())

async function customer(email: string): Promise<string> {
  return (await createKeyStore(database.prisma).create({ email })).customerId
}

const numbers = async (scope: string | null) => (await store.history(scope)).map(({ number }) => number)

describe('every change makes a version', () => {
  test('with its author, note and time, the whole layer and the hash of what it led to', async () => {
    const alice = await customer('alice@example.com')
    const before = Date.now()
    await store.set('rate_limit', { requests: 5 }, alice, { author: 'ann', note: 'Her batch is done' })
    const version = await store.set('risk_threshold', { threshold: 80 }, alice, { author: 'ben' })

    const documents = { rate_limit: { requests: 5 }, risk_threshold: { threshold: 80 } }
    expect(version).toMatchObject({ number: 2, author: 'ben', note: '', documents })
    expect(version.hash).toBe(compilePolicy(await store.load(alice)).version)
    expect(version.createdAt.getTime()).toBeGreaterThanOrEqual(before)
    expect(await store.history(alice)).toEqual([
      version,
      expect.objectContaining({ number: 1, author: 'ann', note: 'Her batch is done' }),
      expect.objectContaining({ number: 0, author: 'proxy', note: 'Before the first change', documents: {} }),
    ])
    expect(await store.version(alice, 2)).toEqual(version)
    expect(await store.version(alice, 3)).toBeNull()
  })

  test('numbers count for each layer on its own', async () => {
    const bob = await customer('bob@example.com')
    await store.set('risk_threshold', { threshold: 60 }, null)
    await store.approve(['openai'], bob)
    await store.unset('risk_threshold', null)
    await store.unset('block_external_models', bob)
    expect([await numbers(null), await numbers(bob)]).toEqual([
      [2, 1, 0],
      [2, 1, 0],
    ])
  })

  test('what changes nothing makes none', async () => {
    const carol = await customer('carol@example.com')
    const { number } = await store.set('rate_limit', { requests: 5 }, carol)
    expect(await store.set('rate_limit', { requests: 5 }, carol)).toMatchObject({ number })
    expect(await store.unset('risk_threshold', carol)).toMatchObject({ number })
    expect(await store.rollback(carol, number)).toMatchObject({ number })
    expect(await numbers(carol)).toEqual([1, 0])
  })

  test('a fault makes none', async () => {
    const dave = await customer('dave@example.com')
    await expect(store.set('rate_limit', { requests: 0 }, dave)).rejects.toThrow(InvalidPolicyError)
    expect(await store.history(dave)).toEqual([])
  })

  test('what was changed by hand is kept as a version, before it is written over', async () => {
    const erin = await customer('erin@example.com')
    await store.set('rate_limit', { requests: 5 }, erin)
    await database.prisma.customerPolicy.updateMany({ where: { customerId: erin }, data: { value: { requests: -7 } } })
    await store.set('rate_limit', { requests: 8 }, erin, { author: 'ann' })
    expect(await store.history(erin)).toMatchObject([
      { number: 3, author: 'ann', documents: { rate_limit: { requests: 8 } } },
      { number: 2, note: 'Found in the database', documents: { rate_limit: { requests: -7 } }, hash: '' },
      { number: 1 },
      { number: 0 },
    ])
  })

  test('a policy that a newer product seeds is not taken for a change by hand', async () => {
    const { prisma } = database
    await store.set('risk_threshold', { threshold: 61 }, null)
    const row = await prisma.policy.findUniqueOrThrow({ where: { key: 'custom_detectors' } })
    await prisma.policy.delete({ where: { key: 'custom_detectors' } })
    const { number } = await store.set('risk_threshold', { threshold: 62 }, null)
    await store.seed()
    expect(await store.set('risk_threshold', { threshold: 63 }, null)).toMatchObject({ number: number + 1 })
    expect(await prisma.policy.findUniqueOrThrow({ where: { key: row.key } })).toMatchObject({
      defaultValue: row.defaultValue,
    })
    await store.unset('risk_threshold', null)
  })
})

describe('roll back', () => {
  test('to any version, of which it makes a new one', async () => {
    const frank = await customer('frank@example.com')
    const first = await store.set('rate_limit', { requests: 5 }, frank)
    await store.set('rate_limit', { requests: 6, window_seconds: 10 }, frank)
    await store.approve(['openai'], frank)

    const back = await store.rollback(frank, 1, { author: 'ann', note: 'Too many at once' })
    expect(back).toMatchObject({ number: 4, author: 'ann', note: 'Back to version 1: Too many at once' })
    expect(back.hash).toBe(first.hash)
    expect(await store.load(frank)).toEqual(effectiveDocuments({ rate_limit: { requests: 5 } }))

    await store.rollback(frank, 0)
    expect(await store.load(frank)).toEqual(effectiveDocuments())
    expect(await database.prisma.customerPolicy.count({ where: { customerId: frank } })).toBe(0)
    await store.rollback(frank, 3)
    expect((await store.load(frank)).block_external_models.approved_providers).toEqual(['openai'])
    expect(await numbers(frank)).toEqual([6, 5, 4, 3, 2, 1, 0])
  })

  test('for everyone', async () => {
    const { number, hash } = await store.set('block_secrets', { score: 40 }, null)
    await store.set('block_secrets', { enabled: false }, null)
    expect(await store.rollback(null, number)).toMatchObject({ number: number + 2, hash })
    expect((await store.load(null)).block_secrets).toMatchObject({ enabled: true, score: 40 })
    await store.unset('block_secrets', null)
  })

  test('not to a version that never was', async () => {
    const gina = await customer('gina@example.com')
    await expect(store.rollback(gina, 0)).rejects.toThrow('There is no version 0.')
  })
})

describe('two writers', () => {
  test('who saw the same version: the second is told who was first, and nothing is lost', async () => {
    const hugo = await customer('hugo@example.com')
    const change = (requests: number, author: string) =>
      store.set('rate_limit', { requests }, hugo, { author, note: `for ${author}`, expectedVersion: 0 })
    const results = await Promise.allSettled([change(1, 'ann'), change(2, 'ben')])

    const [winner] = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    const [conflict] = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    expect(conflict).toBeInstanceOf(ConflictError)
    expect(conflict).toMatchObject({ expectedVersion: 0, newer: winner })
    expect(String(conflict)).toContain(`The version is 1, not 0: made by ${winner?.author} at`)
    expect((await store.load(hugo)).rate_limit).toMatchObject(winner?.documents.rate_limit ?? {})
    expect(await numbers(hugo)).toEqual([1, 0])

    expect(await store.set('rate_limit', { requests: 3 }, hugo, { expectedVersion: 1 })).toMatchObject({ number: 2 })
  })

  test('who say nothing of versions: each gets one, none is skipped or given twice', async () => {
    const ida = await customer('ida@example.com')
    await Promise.all([
      ...Array.from({ length: 5 }, (_, n) => store.approve([`provider-${n}`], ida)),
      ...Array.from({ length: 5 }, (_, n) => store.set('rate_limit', { requests: n + 1 }, ida)),
    ])
    expect(await numbers(ida)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  })

  test('a version is expected that never was', async () => {
    const jane = await customer('jane@example.com')
    await expect(store.set('rate_limit', { requests: 3 }, jane, { expectedVersion: 4 })).rejects.toThrow(
      'There is no version 4: nothing was changed yet.',
    )
  })
})

describe('whole layers', () => {
  test('are read with their versions, everyone first', async () => {
    const kim = await customer('kim@example.com')
    await store.set('rate_limit', { requests: 5 }, kim)
    const [everyone, ...customers] = await store.layers()
    expect(everyone).toMatchObject({ customerId: null, email: null, version: (await numbers(null))[0] })
    expect(effectiveDocuments(everyone?.documents ?? {})).toEqual(await store.load(null))
    expect(customers).toContainEqual({
      customerId: kim,
      email: 'kim@example.com',
      documents: { rate_limit: { requests: 5 } },
      version: 1,
    })
  })

  test('replace what was set, and are checked on top of what everyone gets with them', async () => {
    const lea = await customer('lea@example.com')
    await store.set('rate_limit', { requests: 5 }, lea)
    const [forEveryone, forLea] = await store.apply(
      [
        { customerId: lea, documents: { risk_threshold: { threshold: 70 } }, expectedVersion: 1 },
        { customerId: null, documents: { block_secrets: { score: 30 } } },
      ],
      { author: 'ann', note: 'From the file' },
    )
    expect(forEveryone).toMatchObject({ author: 'ann', note: 'From the file' })
    expect(forLea).toMatchObject({ number: 2, documents: { risk_threshold: { threshold: 70 } } })
    expect(await store.load(lea)).toEqual(
      effectiveDocuments({ block_secrets: { score: 30 } }, { risk_threshold: { threshold: 70 } }),
    )
    expect(forLea?.hash).toBe(compilePolicy(await store.load(lea)).version)
    await store.unset('block_secrets', null)
  })

  test('are written all or not at all', async () => {
    const [mia, newest] = [await customer('mia@example.com'), (await numbers(null))[0]]
    const applied = store.apply([
      { customerId: null, documents: { risk_threshold: { threshold: 99 } } },
      { customerId: mia, documents: { rate_limit: { requests: 5 } }, expectedVersion: 3 },
    ])
    await expect(applied).rejects.toThrow(ConflictError)
    expect((await store.load(null)).risk_threshold).toEqual({ threshold: 50 })
    expect((await numbers(null))[0]).toBe(newest)
  })
})

describe('a change for everyone that does not go with what a customer has', () => {
  const rules = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}`, when: 'call.stream', effect: 'flag' }))

  test('is refused and names the customer, however it is made', async () => {
    const nina = await customer('nina@example.com')
    const { number } = await store.set('rules', { rules: rules('everyones', 150) }, null)
    await store.unset('rules', null)
    await store.set('rules', { rules: rules('own', 100) }, nina)
    const newest = await numbers(null)
    const tooMany = [{ customerId: null, documents: { rules: { rules: rules('everyones', 150) } } }]
    for (const refused of [
      () => store.set('rules', { rules: rules('everyones', 150) }, null),
      () => store.rollback(null, number),
      () => store.apply(tooMany),
      () => store.rehearse(tooMany),
    ]) {
      await expect(refused()).rejects.toThrow(CustomersBrokenError)
      await expect(refused()).rejects.toThrow(/^ {2}nina@example\.com: rules\.rules: .*200/m)
    }
    expect(await numbers(null)).toEqual(newest)
    await expect(store.load(nina)).resolves.toMatchObject({ rules: { rules: { length: 100 } } })

    // Together with what makes it fit, it is no fault.
    await store.apply([{ customerId: nina, documents: { rules: { rules: rules('own', 50) } } }, ...tooMany])
    await expect(store.load(nina)).resolves.toMatchObject({ rules: { rules: { length: 200 } } })
    await store.unset('rules', null)
  })

  test('is not held up by what was spoilt before', async () => {
    const otto = await customer('otto@example.com')
    await store.set('rate_limit', { requests: 5 }, otto)
    await database.prisma.customerPolicy.updateMany({ where: { customerId: otto }, data: { value: { requests: 'x' } } })
    await store.set('rate_limit', { requests: 50 }, null)
    await store.unset('rate_limit', null)
  })

  test('trying it out changes nothing, and makes no version', async () => {
    const newest = await numbers(null)
    await store.rehearse([{ customerId: null, documents: { risk_threshold: { threshold: 99 } } }])
    expect(await numbers(null)).toEqual(newest)
    expect((await store.load(null)).risk_threshold).toEqual({ threshold: 50 })
  })
})

describe('the set that judges', () => {
  test('is kept by the hash that decisions name, and comes back as it was', async () => {
    const nora = await customer('nora@example.com')
    const detectors = [{ type: 'code_name', pattern: 'PRJ-[A-Z]{3}', score: 30 }]
    const rules = [
      { when: 'call.images > 0', id: 'no_images', effect: 'block', reason: 'images' },
      { id: 'long', rollout: { percent: 20, by: 'key' }, when: 'call.characters > 9000', effect: { score: 20 } },
      { id: 'why', mode: 'shadow', on_error: 'allow', when: 'call.external', effect: { require: 'intent' } },
    ]
    await store.set('rules', { rules }, nora)
    const { hash } = await store.set('custom_detectors', { detectors }, nora)
    const documents = await store.load(nora)
    await store.rollback(nora, 0)

    const kept = await store.effectiveSet(hash)
    expect(kept).toEqual(documents)
    expect(compilePolicy(kept ?? effectiveDocuments()).version).toBe(hash)
    expect(await store.effectiveSet('0000')).toBeNull()
  })

  test('is kept once, however often it is found to judge', async () => {
    const policy = compilePolicy(effectiveDocuments({ risk_threshold: { threshold: 77 } }))
    await Promise.all([store.keepSet(policy), store.keepSet(policy), store.keepSet(policy)])
    await store.keepSet(policy)
    expect(await database.prisma.policySet.count({ where: { hash: policy.version } })).toBe(1)
  })
})

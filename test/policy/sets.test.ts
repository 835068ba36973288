import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { compilePolicy, type Policy } from '../../src/policy/compile.ts'
import { effectiveDocuments } from '../../src/policy/documents.ts'
import { createSetKeeper } from '../../src/policy/sets.ts'
import { createPolicyStore } from '../../src/policy/store.ts'
import { testDatabase } from '../fakes/database.ts'
import { startProxy } from '../fakes/proxy.ts'

const policy = (threshold: number): Policy => compilePolicy(effectiveDocuments({ risk_threshold: { threshold } }))

/** A keeper over a store that the test can take down. */
function drivenKeeper() {
  const store = { down: false, asked: [] as string[] }
  const warnings: unknown[] = []
  const keep = createSetKeeper({
    log: { error() {}, warn: (fields: unknown) => warnings.push(fields), info() {}, debug() {} },
    async keepSet({ version }) {
      store.asked.push(version)
      await turn()
      if (store.down) throw new Error('The store is down.')
    },
  })
  return { keep, store, warnings }
}

describe('a set that comes to judge', () => {
  test('is kept once, and another as well', async () => {
    const { keep, store } = drivenKeeper()
    keep(policy(40))
    keep(policy(40))
    await turn()
    keep(policy(40))
    keep(policy(41))
    expect(store.asked).toEqual([policy(40).version, policy(41).version])
  })

  test('that cannot be kept is told of, holds nothing up, and is tried again', async () => {
    const { keep, store, warnings } = drivenKeeper()
    store.down = true
    keep(policy(40))
    await expect.poll(() => warnings).toEqual([{ err: new Error('The store is down.'), version: policy(40).version }])
    store.down = false
    keep(policy(40))
    expect(store.asked).toHaveLength(2)
  })
})

test('every set by which a running proxy judges is there to judge by again, also after a change by hand', async () => {
  const database = await testDatabase()
  const proxy = await startProxy({ database })
  const check = () =>
    fetch(`${proxy.url}/v1/check`, {
      method: 'POST',
      headers: { authorization: `Bearer ${proxy.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operation: 'classify', model: 'gpt-4o' }),
    })
  try {
    await check()
    const [before] = await proxy.records(1)
    await database.prisma.policy.update({ where: { key: 'risk_threshold' }, data: { defaultValue: { threshold: 44 } } })
    async function hashes() {
      await check()
      return (await proxy.records(1)).map(({ policyVersion }) => policyVersion)
    }
    await expect.poll(async () => new Set(await hashes()).size).toBe(2)

    const { effectiveSet } = createPolicyStore(database.prisma)
    const after = (await hashes()).find(hash => hash !== before?.policyVersion) ?? ''
    expect(await effectiveSet(before?.policyVersion ?? '')).toMatchObject({ risk_threshold: { threshold: 50 } })
    await expect.poll(() => effectiveSet(after)).toMatchObject({ risk_threshold: { threshold: 44 } })
  } finally {
    await proxy.stop()
    await database.close()
  }
})

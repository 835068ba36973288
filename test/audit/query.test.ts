import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filter, findDecisions, type Place } from '../../src/audit/query.ts'
import { testDatabase } from '../fakes/database.ts'
import { runScript } from '../fakes/process.ts'
import { callRecord, insertRows } from './logged.ts'
import { makeOwner } from './records.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let owner: Awaited<ReturnType<typeof makeOwner>>
let email: string
const gone = { customer_id: uuidv7(), api_key_id: uuidv7() }
const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 0, minute))

beforeAll(async () => {
  database = await testDatabase()
  owner = await makeOwner(database.prisma)
  email = (await database.prisma.customer.findFirstOrThrow()).email
  // Four calls a minute: pages end amid those of one moment.
  const rows = Array.from({ length: 100 }, (_, i) => {
    const own = i % 2 === 0 ? { customer_id: owner.customerId, api_key_id: owner.apiKeyId } : gone
    const refusal =
      i % 10 === 0 ? { allowed: false, reason: i === 50 ? 'contains_secrets' : 'contains_personal_data' } : {}
    const { decision, outcome } = callRecord(uuidv7(), {
      ...own,
      ...refusal,
      model: i === 7 ? 'rare\u001b[31m' : 'gpt-4o',
      created_at: at(Math.floor(i / 4)).toISOString(),
    })
    return { ...(decision as object), ...(outcome as object) }
  })
  await insertRows(database.pool, rows)
})
afterAll(() => database.close())

async function count(filter: Filter): Promise<number> {
  return (await findDecisions(database.pool, filter, { limit: 1_000 })).rows.length
}

describe('findDecisions', () => {
  it.each<[string, () => Filter, number]>([
    ['everything', () => ({}), 100],
    ['a customer', () => ({ customerId: owner.customerId }), 50],
    ['a customer who is gone', () => ({ customerId: gone.customer_id }), 50],
    ['a key', () => ({ apiKeyId: owner.apiKeyId }), 50],
    ['a model', () => ({ model: 'gpt-4o' }), 99],
    ['a model that nobody named', () => ({ model: 'gpt' }), 0],
    ['what was allowed', () => ({ allowed: true }), 90],
    ['what was refused', () => ({ allowed: false }), 10],
    ['a reason', () => ({ reason: 'contains_secrets' }), 1],
    ['what nothing was against', () => ({ reason: 'ok' }), 90],
    ['a period, without its end', () => ({ since: at(5), until: at(10) }), 20],
    ['all of it together', () => ({ customerId: owner.customerId, model: 'gpt-4o', allowed: false, since: at(5) }), 8],
  ])('finds %s', async (_what, filter, expected) => {
    expect(await count(filter())).toBe(expected)
  })

  it('gives every decision once, newest first, page by page', async () => {
    const seen: { id: string; created_at: Date }[] = []
    let after: Place | null = null
    do {
      const { rows, next }: Awaited<ReturnType<typeof findDecisions>> = await findDecisions(
        database.pool,
        {},
        { after, limit: 7 },
      )
      seen.push(...rows)
      after = next
    } while (after !== null)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(100)
    const order = seen.map(({ created_at, id }) => `${created_at.toISOString()}${id}`)
    expect(order).toEqual(order.toSorted().reverse())
  })

  it('knows whether there is another page', async () => {
    expect((await findDecisions(database.pool, { allowed: false }, { limit: 10 })).next).toBeNull()
    expect((await findDecisions(database.pool, { allowed: false }, { limit: 9 })).next).not.toBeNull()
  })
})

describe('npm run audit -- query', () => {
  const run = (...args: string[]) => runScript('audit', ['query', ...args], { DATABASE_URL: database.url })

  it('shows a table, and where the next page starts', async () => {
    const { stdout } = await run('--customer', email, '--decision', 'refused', '--limit', '2')
    expect(stdout).toMatch(/^time +customer +key/)
    expect(stdout).toContain(`${email}  `)
    expect(stdout).toContain('refused: contains_personal_data')
    const [, page = ''] = /--page (\S+)/.exec(stdout) ?? []
    const next = JSON.parse((await run('--customer', email, '--decision', 'refused', '--page', page, '--json')).stdout)
    expect(next).toMatchObject({ decisions: { length: 8 }, next: null })
    expect(stdout).not.toContain(next.decisions[0].id)
  })

  it('shows no control character that a caller chose', async () => {
    const { stdout } = await run('--since', '2026-11-25T00:01:00Z', '--until', '2026-11-25T00:02:00Z')
    expect(stdout).toContain('rare\uFFFD[31m')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    ['--decision', 'maybe'],
    ['--decision', 'constructor'],
    ['--decision', '__proto__'],
    ['--limit', '0'],
    ['--key', 'x'],
    ['--page', 'x'],
    ['--since', 'x'],
    ['--until', 'x'],
  ])('refuses %s %s', async (...args) => {
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${args[0]} must be`) })
  })

  it('says that there is no such customer', async () => {
    expect(await run('--customer', 'nobody@example.com')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no customer'),
    })
  })
})

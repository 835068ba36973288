import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readEntries } from '../../src/audit/entries/read.ts'
import type { JsonObject } from '../../src/json.ts'
import type { Entry } from '../../src/transparency/entry.ts'
import { decodeEntries, encodeEntry } from '../../src/transparency/json-lines.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import { testDatabase } from '../fakes/database.ts'
import { callRecord, createLoggedLog, trusted } from './logged.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
/** Everything happens in one transaction, and what a test does is rolled back. */
let client: pg.PoolClient
beforeAll(async () => {
  database = await testDatabase()
  client = await database.pool.connect()
  await client.query('BEGIN')
})
beforeEach(() => client.query('SAVEPOINT test'))
afterEach(() => client.query('ROLLBACK TO test'))
afterAll(async () => {
  client.release()
  await database.close()
})

/** As a verifier elsewhere gets them: from JSON Lines. */
async function* exported(reading = {}) {
  for await (const entry of readEntries(client, reading)) yield Buffer.from(encodeEntry(entry))
}
const read = (reading = {}): Promise<Entry[]> => Array.fromAsync(decodeEntries(exported(reading)))
const check = (reading = {}, partial = false) =>
  verify(readEntries(client, reading), { keys: [trusted], partial, now: Date.now() })
const ids = (count: number) => Array.from({ length: count }, () => uuidv7())
const day = (days: number) => new Date(Date.UTC(2026, 10, days)).toISOString()

/** What a superuser does to the tables: nothing stops it. */
async function tamper(statements: string) {
  await client.query(`SET LOCAL session_replication_role = 'replica'; ${statements}`)
}

describe('a record is read as its leaf was made', () => {
  const awkward = `quote " backslash \\ newline \n é 😀 \u2028 \u007f <`
  it.each<[string, JsonObject, JsonObject]>([
    ['with the least that there is', { model: null as never }, { status: null as never }],
    [
      'with every member',
      {
        meta: { a: null, b: [1.5, { c: 'd' }], '😀': 1e-7 },
        policy_version: 'v1',
        rule_errors: ['r'],
        shadow: [{ x: null }],
      },
      {
        cached_input_tokens: 0,
        cost_usd: 0.000000123,
        input_tokens: 1,
        output_tokens: 2,
        response: { n: null },
        upstream_ms: 8.25,
      },
    ],
    ['with texts that JSON escapes', { model: awkward, reason: awkward, operation: awkward }, { outcome: awkward }],
    ['with JSON null in a column', { shadow: [null], contributions: [] }, {}],
    [
      'with numbers at their limits',
      { risk_score: -2147483648, created_at: '2026-11-25T10:51:23.000Z' },
      { cost_usd: 123456789.12345679, latency_ms: 0.1 + 0.2, upstream_ms: 1.7976931348623157e308 },
    ],
    ['with small and whole numbers', {}, { cost_usd: 5e-9, latency_ms: 5e-324, upstream_ms: 100 }],
  ])('%s', async (_what, decision, outcome) => {
    const [id = ''] = ids(1)
    const record = callRecord(id, decision, outcome)
    for (const part of Object.values(record) as JsonObject[])
      for (const [name, value] of Object.entries(part)) if (value === null) delete part[name]
    const log = await createLoggedLog(client)
    await log.appendCalls([record])
    await log.sign()
    expect(await read()).toContainEqual({
      entry: { log: log.log, index: 0, leaf: expect.any(Buffer), record, source: expect.any(String) },
    })
    expect(await check()).toMatchObject({ ok: true, findings: [], counts: { records: 1 } })
  })
})

describe('JSON that somebody wrote anew in a column', () => {
  const record = callRecord(uuidv7(), { meta: { a: { b: 'c' }, d: [1] } })

  it.each([
    ['with other white space and order is the same', '{ "d": [1],\n"a": {"b":"c"} }', []],
    ['with a member twice is edited', '{"a":{"b":"c"},"d":[1],"a":{"b":"c"}}', ['edited']],
    ['with a member twice within another is edited', '{"a":{"b":"hidden","b":"c"},"d":[1]}', ['edited']],
    ['with a member twice, once escaped, is edited', '{"a":{"\\u0062":"hidden",\n"b":"c"},"d":[1]}', ['edited']],
    ['with a colon in a text more is edited', '{"a":{"b":"c"},"d":[1,"\\":"]}', ['edited']],
  ])('%s', async (_what, meta, kinds) => {
    const log = await createLoggedLog(client)
    await log.appendCalls([record])
    await log.sign()
    await tamper(`UPDATE usage_log SET meta = '${meta}' WHERE log_id = '${log.log}'`)
    const elsewhere = await verify(decodeEntries(exported()), { keys: [trusted], now: Date.now() })
    for (const { findings } of [await check(), elsewhere])
      expect(findings).toMatchObject(kinds.map(kind => ({ kind, log: log.log, index: 0 })))
  })

  it('of a depth that nobody reads is edited', async () => {
    const log = await createLoggedLog(client)
    await log.appendCalls([record])
    await log.sign()
    await tamper(
      `UPDATE usage_log SET meta = (repeat('[', 5000) || repeat(']', 5000))::json WHERE log_id = '${log.log}'`,
    )
    expect((await check()).findings).toMatchObject([{ kind: 'edited', index: 0 }])
  })
})

// The records of a period were pruned after it, in several runs. An export of the period had the first pruning after it
// alone, and what the others took was called removed.
it('an export that ends early has every pruning', async () => {
  const [calls, retention] = [await createLoggedLog(client), await createLoggedLog(client)]
  for (const date of [1, 3]) {
    await calls.appendCalls(ids(5).map(id => callRecord(id, { created_at: day(date) })))
    await calls.sign(new Date(day(date)))
  }
  for (const [first, end, date] of [
    [0, 2, 20],
    [2, 7, 21],
  ] as const) {
    await retention.appendPruning({ log: calls.log, first, end }, day(date), day(date))
    await retention.sign(new Date(day(date)))
  }
  await tamper(`DELETE FROM usage_log WHERE log_id = '${calls.log}' AND leaf_index < 7`)
  expect(await check({ until: new Date(day(1)) }, true)).toMatchObject({ ok: true, counts: { entries: 7, records: 2 } })
})

// A call of the period ended long after it, when checkpoints had been made: an export of the period was without it.
it('an export has every decision of its period, whenever their calls ended and whatever times checkpoints are given', async () => {
  const log = await createLoggedLog(client)
  const late = ids(1)
  for (const [date, of] of [
    [1, ids(5)],
    [3, ids(5)],
    [4, late],
    [5, ids(5)],
  ] as const) {
    const at = of === late ? day(1) : day(date)
    await log.appendCalls(of.map(id => callRecord(id, { created_at: at })))
    await log.sign(new Date(day(date)))
  }
  const period = { since: new Date(day(1)), until: new Date(day(2)) }
  const size = async (reading: { since?: Date; until?: Date }) => {
    const entries = await Array.fromAsync(readEntries(client, reading))
    return entries.filter(entry => 'entry' in entry && entry.entry.log === log.log).length
  }
  expect(await size(period)).toBe(11)
  expect(await size({ since: new Date(day(5)) })).toBe(5)
  await tamper(`UPDATE audit_checkpoint SET created_at = '2020-01-01' WHERE log_id = '${log.log}' AND size > 5`)
  expect(await size(period)).toBe(11)
  expect(await size({ since: new Date(day(5)) })).toBe(5)
})

type Logged = Awaited<ReturnType<typeof createLoggedLog>>

/**
 * Two logs over several pages, with checkpoints, a pruning of one by the other, and a batch at the end not yet signed.
 */
async function fillTwo() {
  const first = await createLoggedLog(client, '00000000-0000-4000-8000-000000000001')
  const second = await createLoggedLog(client, '00000000-0000-4000-8000-000000000002')
  for (let batch = 0; batch < 60; batch++) {
    await first.appendCalls(ids(40).map(id => callRecord(id, { created_at: day(1 + batch / 5) })))
    if (batch % 10 === 9) await first.sign(new Date(day(1 + batch / 5)))
  }
  await second.appendCalls(ids(3).map(id => callRecord(id)))
  await second.appendPruning({ log: first.log, first: 0, end: 100 }, day(20), day(2))
  await second.appendCalls(ids(2).map(id => callRecord(id)))
  await second.sign(new Date(day(20)))
  await tamper(`DELETE FROM usage_log WHERE log_id = '${first.log}' AND leaf_index < 100`)
  return { first, second }
}

describe('of two logs', () => {
  let first: Logged
  let second: Logged
  beforeAll(async () => {
    ;({ first, second } = await fillTwo())
  })

  it('reads logs one after another, in order, with what was pruned', async () => {
    const entries = await read()
    expect(entries[0]).toEqual({ key: trusted.text })
    const places = entries.flatMap(entry => ('entry' in entry ? [[entry.entry.log, entry.entry.index]] : []))
    expect(places).toEqual([
      ...Array.from({ length: 2400 }, (_, index) => [first.log, index]),
      ...Array.from({ length: 6 }, (_, index) => [second.log, index]),
    ])
    expect(await check()).toMatchObject({ ok: true, counts: { entries: 2406, records: 2306, checkpoints: 7 } })
  })

  it('writes what can be verified from a file', async () => {
    const report = await verify(decodeEntries(exported()), { keys: [trusted], now: Date.now() })
    expect(report).toMatchObject({ ok: true, counts: { entries: 2406 } })
  })

  it('starts and ends at the checkpoints around a period', async () => {
    const reading = { since: new Date(day(5)), until: new Date(day(8)) }
    const entries = await read(reading)
    const ofFirst = entries.flatMap(entry =>
      'entry' in entry && entry.entry.log === first.log ? [entry.entry.index] : [],
    )
    expect([ofFirst[0], ofFirst.at(-1)]).toEqual([800, 1599])
    expect(entries).toContainEqual({
      start: { log: first.log, size: 800, frontier: expect.any(Array), note: expect.any(String) },
    })
    // Ends before the other log has the pruning signed, whose rows are none of these.
    expect(await check(reading, true)).toMatchObject({ ok: true })
  })

  describe('what somebody did to the tables is found:', () => {
    const log = '00000000-0000-4000-8000-000000000001'
    const at = (index: number) => `log_id = '${log}' AND leaf_index = ${index}`
    const copy = (index: number, change: string, from = 500) =>
      `CREATE TEMPORARY TABLE copied AS SELECT * FROM usage_log WHERE ${at(from)};
      UPDATE copied SET id = '00000000-0000-7000-8000-00000000000${index % 10}', ${change}; INSERT INTO usage_log SELECT * FROM copied`
    const noIndex = 'DROP INDEX usage_log_log_id_leaf_index_key'

    it.each([
      ['a row edited', `UPDATE usage_log SET reason = 'x' WHERE ${at(500)}`, { edited: 1 }],
      [
        'a time that is another century',
        `UPDATE usage_log SET created_at = created_at - interval '4051 years' WHERE ${at(500)}`,
        { edited: 1 },
      ],
      ['a time without an end', `UPDATE usage_log SET created_at = 'infinity' WHERE ${at(500)}`, { edited: 1 }],
      [
        'figures that are none',
        `UPDATE usage_log SET latency_ms = 'NaN', upstream_ms = 'Infinity', cost_usd = 'NaN' WHERE ${at(500)}`,
        { edited: 1 },
      ],
      ['a row removed', `DELETE FROM usage_log WHERE ${at(500)}`, { removed: 1 }],
      [
        'two rows swapped',
        `UPDATE usage_log SET leaf_index = -1 WHERE ${at(500)}; UPDATE usage_log SET leaf_index = 500 WHERE ${at(501)}; UPDATE usage_log SET leaf_index = 501 WHERE ${at(-1)}`,
        { reordered: 2 },
      ],
      ['a row without a place', copy(1, 'log_id = NULL, leaf_index = NULL'), { inserted: 1 }],
      ['a row with half a place', copy(1, 'leaf_index = NULL'), { inserted: 1 }],
      ['a row before the leaves', copy(1, 'leaf_index = -5'), { inserted: 1 }],
      ['a row past the leaves', copy(1, 'leaf_index = 9007199254740993'), { inserted: 1 }],
      [
        'a row of a log that does not exist',
        copy(1, "log_id = '99999999-0000-4000-8000-000000000001'"),
        { inserted: 1 },
      ],
      [
        'a second row for a place, the index gone',
        `${noIndex}; ${copy(1, 'reason = NULL')}`.replace('reason = NULL', "reason = 'x'"),
        { inserted: 1 },
      ],
      ['a row that is back after it was pruned', copy(1, 'leaf_index = 50'), { edited: 1, inserted: 1 }],
      [
        'leaves removed',
        `DELETE FROM audit_leaf WHERE log_id = '${log}' AND first_index = 400`,
        { gap: 1, inserted: 40, unsigned: 1 },
      ],
      [
        'the end cut off',
        `DELETE FROM audit_leaf WHERE log_id = '${log}' AND first_index >= 2000; DELETE FROM usage_log WHERE log_id = '${log}' AND leaf_index >= 2000`,
        { cut_off: 1 },
      ],
      ['all leaves removed', `DELETE FROM audit_leaf WHERE log_id = '${log}'`, { cut_off: 2, inserted: 2300 }],
      [
        'a leaf rewritten with its row',
        `UPDATE audit_leaf SET hashes = sha256('x') || substr(hashes, 33) WHERE log_id = '${log}' AND first_index = 400`,
        { edited: 1, rewritten: 1, unsigned: 1 },
      ],
      [
        'a pruning that is no leaf',
        `INSERT INTO audit_pruning SELECT gen_random_uuid(), log_id, 77, pruned_log_id, 100, 200, older_than, created_at FROM audit_pruning`,
        { inserted: 1 },
      ],
    ])('%s', async (_what, statements, expected) => {
      await tamper(statements)
      const { found, ok } = await check()
      expect(ok).toBe(false)
      expect(Object.fromEntries(Object.entries(found).filter(([, count]) => count > 0))).toEqual(expected)
    })
  })
})

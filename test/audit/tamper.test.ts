// A superuser may do anything to the tables: take the triggers away, edit, delete, insert, swap, truncate, go back to
// an older copy, hash anew. He does not have the private key, and not the checkpoints that were kept outside. Whatever
// he does, verify finds it.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEntries } from '../../src/audit/entries/read.ts'
import { oneByOne } from '../../src/audit/snapshot.ts'
import { signCheckpoint } from '../../src/transparency/checkpoint.ts'
import { createFrontier } from '../../src/transparency/frontier.ts'
import { createSigner, generatePrivateKey } from '../../src/transparency/keys.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl as server } from '../fakes/servers.ts'
import { callRecord, createLoggedLog, trusted } from './logged.ts'

const runs = 1000
const leaves = 24
const stranger = createSigner(generatePrivateKey())

let state = 20_261_125
/** Mulberry32 (public domain): the same manipulations each time. */
function below(limit: number): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
}
const oneOf = <T>(values: readonly T[]) => values[below(values.length)] as T

describe.skipIf(server === null)('a superuser of the database', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>
  let client: pg.PoolClient
  let kept: string[]
  let logs: string[]

  beforeAll(async () => {
    database = await testDatabase()
    const made = [await createLoggedLog(database.pool), await createLoggedLog(database.pool)]
    logs = made.map(({ log }) => log)
    for (let batch = 0; batch < 3; batch++) {
      for (const log of made) {
        await log.appendCalls(Array.from({ length: leaves / 3 }, () => callRecord(uuidv7())))
        await log.sign()
      }
    }
    // Retention has taken the first two records of the first log, which the second log says.
    await made[1]?.appendPruning({ log: logs[0] ?? '', first: 0, end: 2 }, now(), now())
    await made[1]?.sign()
    await database.pool.query(`BEGIN; SET LOCAL governance.retention = 'on';
      DELETE FROM usage_log WHERE log_id = '${logs[0]}' AND leaf_index < 2; COMMIT`)
    const { rows } = await database.pool.query<{ note: string }>('SELECT note FROM audit_checkpoint')
    kept = rows.map(({ note }) => note)
    client = await database.pool.connect()
  })
  afterAll(async () => {
    client.release()
    await database.close()
  })

  const now = () => new Date().toISOString()
  const judge = () => verify(readEntries(oneByOne(client)), { keys: [trusted], checkpoints: kept, now: Date.now() })
  const run = (text: string, values: unknown[] = []) => client.query(text, values)
  const anyLog = () => oneOf(logs)
  /** A leaf whose record is there. */
  const anyLeaf = () => 2 + below(leaves - 2)

  const columns = [
    "model = coalesce(model, '') || 'x'",
    'allowed = NOT allowed',
    'risk_score = risk_score + 1',
    "reason = 'other'",
    "created_at = created_at + interval '1 ms'",
    'customer_id = gen_random_uuid()',
    'meta = (meta::jsonb || \'{"stream":true}\')::json',
    'contributions = \'[{"rule":"x"}]\'',
    'status = 403',
    'input_tokens = 1',
    "outcome = 'client_aborted'",
    'latency_ms = latency_ms + 0.5',
    'cost_usd = 0.000000001',
    'policy_version = NULL, operation = operation || $$x$$',
  ]

  const copied = `
    INSERT INTO usage_log SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid(), 'leaf_index', $3::bigint))).*
    FROM usage_log AS row WHERE log_id = $1 AND leaf_index = $2`
  const setHash = `
    UPDATE audit_leaf SET hashes = overlay(hashes PLACING $3 FROM (($2 - first_index) * 32 + 1)::int FOR 32)
    WHERE log_id = $1 AND first_index <= $2 AND first_index + octet_length(hashes) / 32 > $2`

  const manipulations: Record<string, () => Promise<unknown>> = {
    'edits a column': () =>
      run(`UPDATE usage_log SET ${oneOf(columns)} WHERE log_id = $1 AND leaf_index = $2`, [anyLog(), anyLeaf()]),
    'edits a column and the hash': async () => {
      const place = [anyLog(), anyLeaf()]
      await run(`UPDATE usage_log SET ${oneOf(columns)} WHERE log_id = $1 AND leaf_index = $2`, place)
      await run(setHash, [...place, Buffer.alloc(32, below(256))])
    },
    'deletes a record': () => run('DELETE FROM usage_log WHERE log_id = $1 AND leaf_index = $2', [anyLog(), anyLeaf()]),
    'deletes a record under a pruning of his own': async () => {
      const [log, leaf] = [anyLog(), anyLeaf()]
      await run('DELETE FROM usage_log WHERE log_id = $1 AND leaf_index = $2', [log, leaf])
      await run(
        'INSERT INTO audit_pruning SELECT gen_random_uuid(), $1, first_index + octet_length(hashes) / 32, $1, $2, $3, now(), now() FROM audit_leaf WHERE log_id = $1 ORDER BY first_index DESC LIMIT 1',
        [log, leaf, leaf + 1],
      )
    },
    'deletes a pruning': () => run('DELETE FROM audit_pruning'),
    'widens a pruning': () => run(`UPDATE audit_pruning SET end_index = end_index + ${1 + below(5)}`),
    'inserts a record': () => run(copied, [anyLog(), anyLeaf(), leaves + 100 + below(100)]),
    'inserts a record with a hash': async () => {
      const log = anyLog()
      const { rows } = await run(
        'SELECT max(first_index + octet_length(hashes) / 32)::int AS size FROM audit_leaf WHERE log_id = $1',
        [log],
      )
      await run(copied, [log, anyLeaf(), rows[0].size])
      await run('INSERT INTO audit_leaf VALUES ($1, $2, $3)', [log, rows[0].size, Buffer.alloc(32, below(256))])
    },
    'inserts a record without a place': () =>
      run(
        "INSERT INTO usage_log SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid(), 'leaf_index', NULL, 'log_id', NULL))).* FROM usage_log AS row WHERE log_id = $1 AND leaf_index = $2",
        [anyLog(), anyLeaf()],
      ),
    'swaps two records': async () => {
      const [log, first] = [anyLog(), anyLeaf()]
      const second = first === leaves - 1 ? 2 : first + 1
      await run('UPDATE usage_log SET leaf_index = leaf_index + 1000 WHERE log_id = $1 AND leaf_index = $2', [
        log,
        first,
      ])
      await run('UPDATE usage_log SET leaf_index = $3 WHERE log_id = $1 AND leaf_index = $2', [log, second, first])
      await run('UPDATE usage_log SET leaf_index = $3 WHERE log_id = $1 AND leaf_index = $2 + 1000', [
        log,
        first,
        second,
      ])
    },
    'truncates the records': () => run('TRUNCATE usage_log'),
    'truncates everything': () => run('TRUNCATE usage_log, audit_leaf, audit_checkpoint, audit_pruning'),
    'cuts off the end': async () => {
      const [log, size] = [anyLog(), leaves - leaves / 3]
      await run('DELETE FROM usage_log WHERE log_id = $1 AND leaf_index >= $2', [log, size])
      await run('DELETE FROM audit_leaf WHERE log_id = $1 AND first_index >= $2', [log, size])
      await run('DELETE FROM audit_checkpoint WHERE log_id = $1 AND size > $2', [log, size])
    },
    'goes back to an older copy': async () => {
      const size = leaves / 3
      for (const table of ['usage_log', 'audit_pruning']) await run(`DELETE FROM ${table} WHERE leaf_index >= ${size}`)
      await run(`DELETE FROM audit_leaf WHERE first_index >= ${size}`)
      await run(`DELETE FROM audit_checkpoint WHERE size > ${size}`)
    },
    'deletes a log': async () => {
      const log = anyLog()
      for (const table of ['usage_log', 'audit_leaf', 'audit_checkpoint', 'audit_pruning'])
        await run(`DELETE FROM ${table} WHERE log_id = $1`, [log])
    },
    'removes a leaf hash': () => run('DELETE FROM audit_leaf WHERE log_id = $1 AND first_index = 0', [anyLog()]),
    'removes the checkpoints': () => run('DELETE FROM audit_checkpoint WHERE log_id = $1', [anyLog()]),
    "puts one log's checkpoints under another's name": () =>
      run(
        `UPDATE audit_checkpoint AS one SET note = other.note FROM audit_checkpoint AS other
        WHERE one.log_id = $1 AND other.log_id = $2 AND one.size = other.size`,
        logs,
      ),
    'signs with a key of his own': async () => {
      const log = anyLog()
      await run('INSERT INTO audit_key (verifier_key) VALUES ($1)', [stranger.verifierKey])
      const note = signCheckpoint({ log, size: leaves, root: createFrontier().root() }, [stranger])
      await run('UPDATE audit_checkpoint SET note = $2 WHERE log_id = $1', [log, note])
    },
    'adds a log of his own': async () => {
      const log = randomUUID()
      await run(
        `INSERT INTO usage_log SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid(), 'log_id', $1::text))).*
        FROM usage_log AS row WHERE log_id = $2`,
        [log, logs[1]],
      )
      await run('INSERT INTO audit_leaf SELECT $1, first_index, hashes FROM audit_leaf WHERE log_id = $2', [
        log,
        logs[1],
      ])
    },
  }

  test('is not suspected while he does nothing', async () => {
    expect(await judge()).toMatchObject({ ok: true, counts: { strays: 0 } })
  })

  test(`is found out, ${runs} times of ${runs}`, { timeout: 600_000 }, async () => {
    const unseen: string[] = []
    const kinds = Object.entries(manipulations)
    for (let i = 0; i < runs; i++) {
      const [name, manipulate] = kinds[i % kinds.length] as (typeof kinds)[number]
      await run("BEGIN; SET LOCAL session_replication_role = 'replica'")
      await manipulate()
      if ((await judge()).ok) unseen.push(name)
      await run('ROLLBACK')
    }
    expect(unseen).toEqual([])
    expect(await judge()).toMatchObject({ ok: true })
  })
})

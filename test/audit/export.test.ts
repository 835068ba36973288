import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeEntries } from '../../src/transparency/json-lines.ts'
import { verify } from '../../src/transparency/verify/verify.ts'
import { testDatabase } from '../fakes/database.ts'
import { postgresUrl } from '../fakes/servers.ts'
import { callRecord, createLoggedLog, trusted } from './logged.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let dir: string
beforeAll(async () => {
  database = await testDatabase()
  dir = await mkdtemp(`${tmpdir()}/governance-export-`)
})
afterAll(async () => {
  await database.close()
  await rm(dir, { recursive: true })
})

/** Runs the command with no more memory than a part of the rows would take, and returns what it printed. */
async function run(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, NODE_OPTIONS: '--max-old-space-size=150' }
  const options = { env, maxBuffer: 2 ** 30 }
  return (await promisify(execFile)(process.execPath, ['scripts/audit.ts', 'export', ...args], options)).stdout
}

describe('a few decisions', () => {
  const ids = [uuidv7(), uuidv7(), uuidv7()] as const
  const period = ['--since', '2026-11-25T10:00:00Z', '--until', '2026-11-25T12:00:00Z']
  beforeAll(async () => {
    const log = await createLoggedLog(database.pool)
    await log.appendCalls([
      callRecord(
        ids[0],
        { model: '=HYPERLINK("http://example.com")', created_at: '2026-11-25T10:00:00.000Z' },
        { cost_usd: 5e-9 },
      ),
      callRecord(
        ids[1],
        { model: 'a,"b"\nc', risk_score: -3, meta: { a: ['é'] }, created_at: '2026-11-25T11:00:00.001Z' },
        { upstream_ms: 0.25 },
      ),
      callRecord(ids[2], { created_at: '2026-11-25T12:00:00.000Z' }),
    ])
    await log.sign()
  })

  it('are read back from CSV, and no spreadsheet runs them', async () => {
    const rows = parse<Record<string, string>>(await run('--format', 'csv', ...period), { columns: true })
    expect(rows).toMatchObject([
      {
        id: ids[0],
        model: `'=HYPERLINK("http://example.com")`,
        created_at: '2026-11-25T10:00:00.000Z',
        cost_usd: '0.000000005',
        upstream_ms: '',
        leaf_index: '0',
      },
      {
        id: ids[1],
        model: 'a,"b"\nc',
        risk_score: '-3',
        allowed: 'true',
        meta: '{"a": ["é"]}',
        cost_usd: '',
        upstream_ms: '0.25',
      },
    ])
  })

  it('are read back from Parquet', async () => {
    const out = `${dir}/few.parquet`
    await run('--format', 'parquet', '--out', out, ...period)
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(out) })).toMatchObject([
      {
        id: ids[0],
        model: '=HYPERLINK("http://example.com")',
        created_at: new Date('2026-11-25T10:00:00Z'),
        cost_usd: 5e-9,
        upstream_ms: null,
        leaf_index: 0n,
      },
      {
        id: ids[1],
        model: 'a,"b"\nc',
        risk_score: -3,
        allowed: true,
        meta: '{"a": ["é"]}',
        cost_usd: null,
        upstream_ms: 0.25,
      },
    ])
  })

  it('are verified from JSON Lines', async () => {
    const out = `${dir}/few.jsonl`
    await run('--out', out)
    const report = await verify(decodeEntries(createReadStream(out)), { keys: [trusted], now: Date.now() })
    expect(report).toMatchObject({ ok: true, counts: { records: 3, checkpoints: 1 } })
  })

  it('are none in a period without any', async () => {
    const none = ['--until', '2020-01-01']
    expect((await run('--format', 'csv', ...none)).split('\r\n')).toHaveLength(2)
    await run('--format', 'parquet', '--out', `${dir}/none.parquet`, ...none)
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(`${dir}/none.parquet`) })).toEqual([])
  })
})

describe.skipIf(postgresUrl === null)('60,000 decisions', () => {
  const count = 60_000
  beforeAll(async () => {
    const log = uuidv7()
    await database.pool.query(
      `INSERT INTO usage_log (id, request_id, customer_id, api_key_id, source, operation, allowed, risk_score, reason,
        contributions, outcome, latency_ms, meta, created_at, log_id, leaf_index)
      SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'proxy', 'chat.completions.create', true, i,
        'ok', '[]', 'completed', 1, jsonb_build_object('padding', repeat('x', 1000)), '2025-01-01Z'::timestamptz + i * interval '1 ms', '${log}', i
      FROM generate_series(0, ${count - 1}) i`,
    )
    await database.pool.query(
      `INSERT INTO audit_leaf SELECT '${log}', i * 1000, decode(repeat('00', 32000), 'hex') FROM generate_series(0, ${count / 1000 - 1}) i`,
    )
  }, 120_000)
  const until = ['--until', '2026-01-01']

  it('stream into CSV', async () => {
    const out = `${dir}/many.csv`
    await run('--format', 'csv', '--out', out, ...until)
    const text = await readFile(out, 'latin1')
    expect(text.match(/\r\n/g)).toHaveLength(count + 1)
  }, 120_000)

  it('stream into Parquet, in row groups', async () => {
    const out = `${dir}/many.parquet`
    await run('--format', 'parquet', '--out', out, ...until)
    const file = await asyncBufferFromFile(out)
    const { num_rows, row_groups } = await parquetMetadataAsync(file)
    expect([num_rows, row_groups.length]).toEqual([BigInt(count), 3])
    const rows = await parquetReadObjects({ file, columns: ['risk_score'], rowStart: count - 2, rowEnd: count })
    expect(rows).toEqual([{ risk_score: count - 2 }, { risk_score: count - 1 }])
  }, 120_000)

  it('stream into JSON Lines', async () => {
    const out = `${dir}/many.jsonl`
    await run('--out', out)
    let records = 0
    for await (const entry of decodeEntries(createReadStream(out))) {
      if ('entry' in entry && entry.entry.record !== undefined) records++
      expect(entry).not.toHaveProperty('stray')
    }
    expect(records).toBe(count + 3)
  }, 120_000)
})

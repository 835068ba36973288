import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordPages } from '../../src/audit/entries/tables.ts'
import { atOneMoment } from '../../src/audit/snapshot.ts'
import { testDatabase } from '../fakes/database.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

// A log was restored from a dump, which brings no statistics. Whoever verified it would have sorted all of it for each
// page: 9 seconds for 60,000 records, and a hundred times that for ten times as many.
it('pages of a table that was never analysed are not sorted', async () => {
  const log = uuidv7()
  await database.pool.query(
    `INSERT INTO usage_log (id, request_id, customer_id, api_key_id, source, operation, allowed, risk_score, reason,
      contributions, outcome, meta, created_at, log_id, leaf_index)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'proxy', 'chat.completions.create',
      true, 0, 'ok', '[]', 'completed', '{}', now(), '${log}', i
    FROM generate_series(0, 4999) i`,
  )
  const plans: string[] = []
  await atOneMoment(database.pool, async ({ query }) => {
    const explained = async (question: { text: string; values: unknown[] }) => {
      const { rows } = await query<{ 'QUERY PLAN': string }>(`EXPLAIN ${question.text}`, question.values)
      plans.push(rows.map(row => row['QUERY PLAN']).join('\n'))
      return query(question as never)
    }
    for await (const page of recordPages({ query: explained as never }, 'usage_log', log, 0, 5000)) {
      if (plans.length > 3) break
      expect(page).toHaveLength(200)
    }
  })
  expect(plans[2]).toContain('Index Scan')
  for (const plan of plans) expect(plan).not.toMatch(/(?<!Incremental )Sort {2}\(/)
})

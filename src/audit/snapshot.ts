import type pg from 'pg'
import type { Queryable } from './entries/tables.ts'

/**
 * For pages of a table in the order of an index. Of a table that was never analysed, as one that was restored, the
 * planner believes that it is small, and would sort all that is left of it for each page.
 */
const inOrder = 'SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off'

/**
 * A policy that hides rows from this role is an error, and not a log from which they seem to be missing, or never were.
 */
const unhidden = 'SET LOCAL row_security = off'

/** Runs reads that all see the database as it is now, whatever is written or deleted meanwhile. */
export async function atOneMoment<T>(pool: pg.Pool, read: (database: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    // Whoever takes what is read may be slow.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0')
    await client.query(`${inOrder}; ${unhidden}`)
    const result = await read(oneByOne(client))
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** A connection for readers who ask for pages ahead: it takes one question at a time. */
export function oneByOne(client: pg.PoolClient): Queryable {
  let last: Promise<unknown> = Promise.resolve()
  const ask: (...question: Parameters<pg.PoolClient['query']>) => unknown = client.query.bind(client)
  function query(...question: Parameters<pg.PoolClient['query']>) {
    const answer = last.then(() => ask(...question))
    last = answer.catch(() => {})
    return answer
  }
  return { query } as Queryable
}

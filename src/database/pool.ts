import pg from 'pg'

/**
 * How values are written: what reads them, here and in the drivers, knows no other way. The settings of the database or
 * of a role would decide it otherwise, and a log that is sound would look forged.
 */
const written = `
  SET bytea_output = 'hex'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
  SET TimeZone = 'UTC'; SET extra_float_digits = 1`

/** A pool of so many connections on a PostgreSQL URL. Nothing connects before the first query. */
export function openPool(url: string, connections: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // The server gives up first; the client's own limit covers a server that is gone.
    statement_timeout: 30_000,
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    application_name: 'ai-governance-proxy',
    onConnect: client => client.query(written),
  })
  // A connection lost while idle is replaced by the pool; a query that needs one reports its own error.
  pool.on('error', () => {})
  return pool
}

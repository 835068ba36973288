import type pg from 'pg'

/**
 * Whether the role that is connected could change or remove records, were it not for triggers: true for the owner of
 * `usage_log` and for superusers.
 */
export async function mayRewriteRecords(pool: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const { rows } = await pool.query<{ may: boolean }>(
    `SELECT has_table_privilege('usage_log', 'UPDATE, DELETE, TRUNCATE') AS may`,
  )
  return rows[0]?.may ?? false
}

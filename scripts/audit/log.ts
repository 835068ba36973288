import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Queryable } from '../../src/audit/entries/tables.ts'
import { checkTypes } from '../../src/audit/entries/types.ts'
import { atOneMoment } from '../../src/audit/snapshot.ts'
import { loadConfig } from '../../src/config.ts'
import { connect } from '../../src/database/connect.ts'

/** PostgreSQL's codes for a table and a column that are not there. */
const missing = new Set(['42P01', '42703'])

/**
 * Reads the audit log of the configured database as it stands: nothing is migrated or written, so that an auditor needs
 * no more than to read the tables.
 */
export async function withLog<T>(read: (log: Queryable) => Promise<T>): Promise<T> {
  const config = loadConfig()
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'postgres')))
    throw new Error('There is no database: DATABASE_URL is not set, and DATA_DIR has none.')
  const { pool, close } = await connect(config)
  const checked = async (log: Queryable) => {
    await checkTypes(log)
    return read(log)
  }
  try {
    // Clients of the embedded database share one session: a transaction would keep the proxy waiting.
    return await (config.databaseUrl === null ? checked(pool) : atOneMoment(pool, checked))
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.has(String(error.code)))
      throw new Error('The database lacks the tables of this version. To make them: npm run migrate', { cause: error })
    throw error
  } finally {
    await close()
  }
}

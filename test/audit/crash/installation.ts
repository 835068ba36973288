import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readEntries } from '../../../src/audit/entries/read.ts'
import { atOneMoment } from '../../../src/audit/snapshot.ts'
import { segmentsIn } from '../../../src/audit/spool/segments.ts'
import { connectDatabase } from '../../../src/database/client.ts'
import { migrate } from '../../../src/database/migrate.ts'
import { createKeyStore } from '../../../src/keys/store.ts'
import { readLock } from '../../../src/lock.ts'
import { createPolicyStore } from '../../../src/policy/store.ts'
import { createSigner, parseVerifierKey } from '../../../src/transparency/keys.ts'
import { splitNotes } from '../../../src/transparency/note.ts'
import { type Report, verify } from '../../../src/transparency/verify/verify.ts'

/** Where a proxy keeps what it must not lose. A null URL stands for the embedded database in the directory. */
export type Installation = { dataDir: string; databaseUrl: string | null }

/** Keys of a customer who may call, and of one who may not. */
export type Keys = { allowed: string; refused: string }

export async function makeKeys({ dataDir, databaseUrl }: Installation): Promise<Keys> {
  const database = await connectDatabase({ databaseUrl, dataDir })
  try {
    await migrate(database.url)
    const policies = createPolicyStore(database.prisma)
    await policies.seed()
    const make = async (name: string, approved: string[]) => {
      const { token, customerId } = await createKeyStore(database.prisma).create({ email: `${name}@example.com` })
      await policies.set('rate_limit', { requests: 1_000_000, window_seconds: 1 }, customerId)
      await policies.set('block_external_models', { approved_providers: approved }, customerId)
      return token
    }
    return { allowed: await make('alice', ['openai']), refused: await make('bob', []) }
  } finally {
    await database.close()
  }
}

/**
 * A pool on the database of a proxy that runs, which must not outlive it: the embedded one has no server of its own.
 */
export async function poolOf({ dataDir, databaseUrl }: Installation): Promise<pg.Pool> {
  const url = databaseUrl ?? (await readLock(join(dataDir, 'postgres.lock')))?.url
  const pool = new pg.Pool({ connectionString: url ?? undefined, max: 1 })
  pool.on('error', () => {})
  return pool
}

/** Resolves once all of these are on record, or to those that are not after a while. */
export async function missing(installation: Installation, ids: ReadonlySet<string>): Promise<string[]> {
  const pool = await poolOf(installation)
  try {
    for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
      const { rows } = await pool.query<{ id: string }>('SELECT id FROM usage_log WHERE id = ANY($1::uuid[])', [
        [...ids],
      ])
      if (rows.length === ids.size) return []
      const known = new Set(rows.map(({ id }) => id))
      if (Date.now() > deadline) return [...ids].filter(id => !known.has(id))
    }
  } finally {
    await pool.end()
  }
}

/** Works on the database of an installation whose proxy has ended. */
export async function atRest<T>({ dataDir, databaseUrl }: Installation, work: (pool: pg.Pool) => Promise<T>) {
  const database = await connectDatabase({ databaseUrl, dataDir })
  try {
    return await work(database.pool)
  } finally {
    await database.close()
  }
}

/** Verifies the log as an outsider does: with the installation's key, and the checkpoints beside the database. */
export async function verifyLog(pool: pg.Pool, dataDir: string, unsignedAllowanceMs: number): Promise<Report> {
  const signer = createSigner(await readFile(join(dataDir, 'audit', 'signing-key.pem'), 'utf8'))
  const folder = join(dataDir, 'checkpoints')
  // Read before the entries: what is signed meanwhile is not in them.
  const notes: string[] = []
  for (const file of await readdir(folder).catch(() => [])) {
    notes.push(...splitNotes(await readFile(join(folder, file), 'utf8')))
  }
  return atOneMoment(pool, database =>
    verify(readEntries(database), {
      keys: [parseVerifierKey(signer.verifierKey)],
      checkpoints: notes,
      unsignedAllowanceMs,
      unsignedAllowanceLeaves: unsignedAllowanceMs === 0 ? 0 : 1_000_000,
      now: Date.now(),
    }),
  )
}

/** Files of the spools that hold entries, and what was put aside besides. */
export async function leftInSpool(
  dataDir: string,
): Promise<{ waiting: string[]; refused: string[]; drafts: string[] }> {
  const root = join(dataDir, 'audit')
  const entries = await readdir(root, { withFileTypes: true })
  const directories = entries.filter(entry => entry.isDirectory()).map(({ name }) => join(root, name))
  const files = (await Promise.all(directories.map(directory => readdir(directory)))).flat()
  return {
    waiting: directories.flatMap(directory => segmentsIn(directory).map(({ path }) => path)),
    refused: files.filter(file => file === 'refused'),
    drafts: files.filter(file => file.endsWith('.new')),
  }
}

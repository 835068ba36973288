import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const prismaDir = fileURLToPath(new URL('../../prisma', import.meta.url))
export const migrationsDir = `${prismaDir}/migrations`

export type Migration = { name: string; script: string; checksum: string }

/**
 * The migrations of a directory in the order in which they apply. The checksum is Prisma's: SHA-256 of the script, hex.
 */
export async function readMigrations(dir = migrationsDir): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true })
  const names = entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
  return Promise.all(
    names.map(async name => {
      const script = await readFile(`${dir}/${name}/migration.sql`, 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    }),
  )
}

import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Lock, takeLock } from '../../lock.ts'
import { segmentsIn } from './segments.ts'

/** A directory that one process at a time writes: its spool, and which log it is the spool of. */
export type Instance = { directory: string; release(): Promise<void> }

/**
 * Takes a directory for this process under `root`: one whose process is gone, or else a new one. `leftOver` are others
 * whose processes are gone and left entries. Several processes can share a root.
 */
export async function claimInstance(root: string): Promise<{ own: Instance; leftOver: Instance[] }> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const entries = await readdir(root, { withFileTypes: true })
  const claimed: Instance[] = []
  for (const { name } of entries.filter(entry => entry.isDirectory())) {
    const instance = await claim(join(root, name))
    if (instance !== null) claimed.push(instance)
  }
  const own = claimed.shift() ?? (await claim(join(root, randomUUID())))
  if (own === null) throw new Error('A new directory cannot be locked')
  const leftOver: Instance[] = []
  for (const instance of claimed) {
    if (segmentsIn(instance.directory).length > 0) leftOver.push(instance)
    else await instance.release()
  }
  return { own, leftOver }
}

async function claim(directory: string): Promise<Instance | null> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const lock: Lock | null = await takeLock(join(directory, 'lock'))
  return lock === null ? null : { directory, release: lock.release }
}

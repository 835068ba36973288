import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Puts an embedded database into a data directory, migrated and empty: a first start takes seconds to make its own. */
export function placeEmbedded(dataDir: string): void {
  cpSync(inject('snapshot').directory, join(dataDir, 'postgres'), { recursive: true })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of its own for one test's embedded database. */
export function makeDataDir() {
  const path = mkdtempSync(join(tmpdir(), 'governance-delivery-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

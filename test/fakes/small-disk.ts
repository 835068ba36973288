import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system in memory of a megabyte, which can be filled. Null where it cannot be mounted: that takes root. */
export function mountSmallDisk() {
  const path = mkdtempSync(join(tmpdir(), 'governance-disk-'))
  const filler = join(path, 'filler')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    rmSync(path, { recursive: true })
    return null
  }
  return {
    path,
    /** Takes every byte that is left. */
    fill(): void {
      for (let size = 262_144; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
        } catch {}
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount(): void {
      execFileSync('umount', [path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

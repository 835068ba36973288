import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createCheckpointFile } from '../../../src/audit/ledger/checkpoint-file.ts'
import { mountSmallDisk } from '../../fakes/small-disk.ts'

const disk = mountSmallDisk()
afterAll(() => disk?.unmount())

const note = (size: number) => `ai-governance-proxy/log\n${size}\nroot\n\n— ai-governance-proxy ${'A'.repeat(92)}\n`

test.runIf(disk)('a full disk has room for checkpoints yet, and what does not fit leaves no part of it', () => {
  const path = join(disk?.path ?? '', 'checkpoints')
  const file = createCheckpointFile(path, join(disk?.path ?? '', 'reserve'))
  file.append(note(1))
  disk?.fill()
  // More than what is left of the last block.
  for (let size = 2; size <= 100; size++) file.append(note(size))
  expect(file.last()).toMatchObject({ size: 100, root: 'root' })
  disk?.fill()
  const more = () => {
    for (let size = 101; size < 200; size++) file.append(note(size))
  }
  expect(more).toThrow()
  const last = file.last()?.size ?? 0
  const whole = Array.from({ length: last }, (_, i) => `${note(i + 1)}\n`).join('')
  expect(readFileSync(path, 'utf8')).toBe(whole)
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createCheckpointFile } from '../../../src/audit/ledger/checkpoint-file.ts'
import { mountSmallDisk } from '../../fakes/small-disk.ts'

const disk = mountSmallDisk()
const directory = mkdtempSync(join(tmpdir(), 'governance-checkpoints-'))
afterAll(() => {
  disk?.unmount()
  rmSync(directory, { recursive: true })
})

const note = (size: number) => `ai-governance-proxy/log\n${size}\nroot\n\n— ai-governance-proxy ${'A'.repeat(92)}\n`

function openFile(folder: string) {
  const [path, torn] = [join(folder, 'checkpoints'), join(folder, 'torn')]
  return { path, torn, file: createCheckpointFile(path, { reserve: join(folder, 'reserve'), torn }) }
}

test.runIf(disk)('a full disk has room for checkpoints yet, and what does not fit leaves no part of it', async () => {
  const { path, file } = openFile(disk?.path ?? '')
  await file.append(note(1))
  disk?.fill()
  // More than what is left of the last block.
  for (let size = 2; size <= 100; size++) await file.append(note(size))
  expect(file.last()).toMatchObject({ size: 100, root: 'root' })
  disk?.fill()
  const more = async () => {
    for (let size = 101; size < 200; size++) await file.append(note(size))
  }
  await expect(more()).rejects.toThrow()
  const last = file.last()?.size ?? 0
  const whole = Array.from({ length: last }, (_, i) => `${note(i + 1)}\n`).join('')
  expect(readFileSync(path, 'utf8')).toBe(whole)
})

// A disk gave back one bit other than it was written. The proxy took what followed for torn, removed it, and gave the
// log up for a new one, as the checkpoint that it then knew was not the last of the database.
describe('one flipped bit', () => {
  const { path, torn, file } = openFile(directory)
  const whole = Buffer.from([1, 2, 4].map(size => `${note(size)}\n`).join(''))
  const lastStart = Buffer.byteLength(`${note(1)}\n${note(2)}\n`)

  function flipped(bit: number): Buffer {
    const bytes = Buffer.from(whole)
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return bytes
  }

  beforeEach(() => rmSync(torn, { force: true }))

  test('in a checkpoint takes no other away', () => {
    for (let bit = 0; bit < lastStart * 8; bit++) {
      writeFileSync(path, flipped(bit))
      expect(file.last()).toEqual({ size: 4, root: 'root', note: note(4) })
      expect(readFileSync(path).equals(flipped(bit))).toBe(true)
    }
    expect(existsSync(torn)).toBe(false)
  })

  test('in the last one leaves those before it, and what is cut off is kept', () => {
    let cut = 0
    for (let bit = lastStart * 8; bit < whole.length * 8; bit++) {
      writeFileSync(path, flipped(bit))
      const last = file.last()
      // Some flips make another note of it, which the root in the database tells apart.
      if (last?.note !== note(2)) continue
      cut++
      expect(readFileSync(path).equals(whole.subarray(0, lastStart))).toBe(true)
      expect(
        readFileSync(torn)
          .subarray(lastStart - whole.length)
          .equals(flipped(bit).subarray(lastStart)),
      ).toBe(true)
    }
    expect(cut).toBeGreaterThan(200)
    expect(readFileSync(torn).length).toBeLessThanOrEqual(16_384)
  })
})

test.runIf(disk)('what is torn is cut off on a full disk, too', () => {
  disk?.free()
  const { path, torn, file } = openFile(disk?.path ?? '')
  writeFileSync(path, `${note(1)}\n${note(2).slice(0, 20)}`)
  disk?.fill()
  expect(file.mend()).toBe(20)
  expect(file.last()).toMatchObject({ size: 1 })
  expect(readFileSync(torn, 'utf8')).toBe(note(2).slice(0, 20))
})

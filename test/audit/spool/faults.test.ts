// What a spool does when the file system fails in the middle: faults that a real disk shows rarely, one by one.
import type fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SpoolEntry } from '../../../src/audit/spool/line.ts'
import { createSpoolReader } from '../../../src/audit/spool/reader.ts'
import { bytesIn } from '../../../src/audit/spool/segments.ts'
import { openSpool, SpoolError } from '../../../src/audit/spool/spool.ts'
import { keptLog } from '../kept-log.ts'

const { real, faulty } = vi.hoisted(() => ({ real: {} as Calls, faulty: {} as Calls }))
type Calls = Pick<typeof fs, 'writeSync' | 'ftruncateSync' | 'closeSync' | 'fdatasync'>

vi.mock('node:fs', async importOriginal => {
  const { writeSync, ftruncateSync, closeSync, fdatasync, ...rest } = await importOriginal<typeof fs>()
  Object.assign(real, { writeSync, ftruncateSync, closeSync, fdatasync })
  patch(real)
  return {
    ...rest,
    writeSync: (file: number, bytes: Buffer) => faulty.writeSync(file, bytes),
    ftruncateSync: (file: number, length: number) => faulty.ftruncateSync(file, length),
    closeSync: (file: number) => faulty.closeSync(file),
    fdatasync: (file: number, done: (error: Error | null) => void) => faulty.fdatasync(file, done),
  }
})

/** Puts these in the place of what `node:fs` has. */
function patch(functions: Partial<Calls>): void {
  Object.assign(faulty, functions)
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'governance-spool-'))
})
afterEach(() => {
  patch(real)
  rmSync(directory, { recursive: true, force: true })
})

/** A disk with room for so many bytes in one write; `between` runs before the spool sees how many were written. */
function shortDisk(room: number, between: () => void = () => {}) {
  patch({
    writeSync: ((file: number, bytes: Buffer) => {
      const written = real.writeSync(file, bytes.subarray(0, room))
      if (written < bytes.length) between()
      return written
    }) as typeof fs.writeSync,
  })
}

const failure = () => Object.assign(new Error('I/O'), { code: 'EIO' })
const idOf = (number: number) => `019ab000-0000-7000-8000-${String(number).padStart(12, '0')}`
const entryOf = (number: number): SpoolEntry => ({ kind: 'opened', id: idOf(number), decision: `"${'d'.repeat(800)}"` })
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

function open(settings: Partial<Parameters<typeof openSpool>[0]> = {}) {
  const { log, lines } = keptLog()
  const spool = openSpool({ directory, sync: 'group', limitBytes: 1e6, retryMs: 20, log, ...settings })
  const reader = createSpoolReader({ directory, isOver: () => false, log })
  const seen: number[] = []
  const read = () => {
    for (const found of reader.pass()) for (const { entry } of found) seen.push(Number(entry.id.slice(-12)))
  }
  const take = (number: number) =>
    spool.append(entryOf(number)).then(
      () => 'taken',
      (error: unknown) => (error instanceof SpoolError ? `refused, written: ${error.written}` : 'failed'),
    )
  return { spool, seen, read, take, lines }
}

it('loses nothing that it took to a reader that looks while a batch is cut short', async () => {
  const { spool, seen, read, take, lines } = open()
  await take(1)
  read()
  shortDisk(5_000, read)
  expect(new Set(await Promise.all(range(10, 16).map(take)))).toEqual(new Set(['refused, written: true']))
  const stayed = seen.slice(1)
  expect(stayed).toEqual(range(10, stayed.length))
  patch(real)
  await expect.poll(() => spool.fault).toBeNull()
  expect(new Set(await Promise.all(range(100, 20).map(take)))).toEqual(new Set(['taken']))
  await spool.close()
  read()
  expect(seen).toEqual([1, ...stayed, ...range(100, 20)])
  expect(spool.bytes).toBe(bytesIn(directory))
  expect(lines.filter(({ text }) => text.includes('put aside'))).toEqual([])
})

it('writes none twice of those that can wait, however often the disk is full', async () => {
  const { spool, seen, read } = open()
  shortDisk(5_000)
  for (const number of range(1, 20)) spool.appendLater(entryOf(number))
  await sleep(100)
  patch(real)
  await expect.poll(() => spool.fault).toBeNull()
  await spool.close()
  read()
  expect(seen).toEqual(range(1, 20))
})

it('leaves no half line where it cannot be taken back', async () => {
  const { spool, seen, read, take } = open()
  shortDisk(2_000)
  patch({
    ftruncateSync: () => {
      throw failure()
    },
  })
  expect(new Set(await Promise.all([1, 2, 3, 4].map(take)))).toEqual(new Set(['refused, written: true']))
  patch(real)
  await expect.poll(() => spool.fault).toBeNull()
  expect(await take(5)).toBe('taken')
  await spool.close()
  read()
  expect(seen).toEqual([1, 2, 5])
})

it('closes no file under a flush that is running', async () => {
  const closed: number[] = []
  patch({
    closeSync: file => {
      closed.push(file)
      real.closeSync(file)
    },
  })
  const { spool, take } = open({ sync: 'always' })
  const first = take(1)
  for (let i = 0; i < 3; i++) await Promise.resolve()
  const second = take(2)
  await new Promise<void>(resolve => process.nextTick(resolve))
  await spool.close()
  expect(await Promise.all([first, second])).toEqual(['taken', 'taken'])
  await sleep(20)
  expect(new Set(closed).size).toBe(closed.length)
})

it('survives a file that fails once more as it is closed, and trusts nothing that was written to it', async () => {
  const { spool, take } = open({ sync: 'always' })
  await take(1)
  const flush = Promise.withResolvers<void>()
  patch({
    fdatasync: ((_file: number, done: (error: Error) => void) => {
      // A system tells once.
      patch({ fdatasync: real.fdatasync })
      void flush.promise.then(() => done(failure()))
    }) as typeof fs.fdatasync,
    closeSync: file => {
      real.closeSync(file)
      throw failure()
    },
  })
  const taken = [take(2)]
  await sleep(5)
  taken.push(take(3))
  await sleep(5)
  flush.resolve()
  expect(await Promise.all(taken)).toEqual(['refused, written: true', 'refused, written: true'])
  patch(real)
  await expect.poll(() => spool.fault).toBeNull()
  expect(await take(4)).toBe('taken')
  await spool.close()
})

it('keeps to its limit after room was made', async () => {
  const { spool, take, lines } = open({ limitBytes: 2_000 })
  await Promise.all([take(1), take(2)])
  expect(() => take(3)).toThrow(SpoolError)
  spool.release(900)
  expect(await take(4)).toBe('taken')
  const before = spool.bytes
  await sleep(100)
  expect(spool.bytes).toBe(before)
  expect(lines.filter(({ text }) => text === 'The audit spool takes records again')).toHaveLength(1)
  await spool.close()
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createPublisher } from '../../../src/audit/courier/publisher.ts'
import { splitNotes } from '../../../src/transparency/note.ts'
import { mountSmallDisk } from '../../fakes/small-disk.ts'
import { keptLog } from '../kept-log.ts'

const disk = mountSmallDisk()
afterAll(() => disk?.unmount())

/** A place is tried again after a second, and later ever more rarely. */
const soon = { timeout: 20_000 }

const note = (size: number) => `ai-governance-proxy/log\n${size}\nroot\n\n— ai-governance-proxy ${'A'.repeat(92)}\n`

// The disk was full in the middle of a checkpoint: what was there of it stayed, and the next one, written after it, was no note.
test.runIf(disk)(
  'a place whose disk was full has whole checkpoints once there is room',
  { timeout: 60_000 },
  async () => {
    const path = join(disk?.path ?? '', 'kept')
    const publisher = createPublisher([{ kind: 'file', path }], { log: keptLog().log, toLog: () => {} })
    publisher.publish(note(0))
    await vi.waitUntil(() => notesIn(path).length === 1, soon)
    disk?.fill()
    // More than what is left of the last block.
    const sizes = Array.from({ length: 40 }, (_, size) => size)
    for (const size of sizes.slice(1)) publisher.publish(note(size))
    await vi.waitUntil(() => notesIn(path).length > 10, soon)
    expect(notesIn(path)).toEqual(sizes.slice(0, notesIn(path).length).map(note))
    disk?.free()
    await vi.waitUntil(() => notesIn(path).length >= 40, soon)
    expect(notesIn(path)).toEqual(sizes.map(note))
    await publisher.close()
  },
)

const notesIn = (path: string) => [...splitNotes(readFileSync(path, 'utf8'))]

test('tells at its end whether all checkpoints arrived, without waiting longer than it is to', async () => {
  const { log } = keptLog()
  const notes: string[] = []
  const toLog = (note: string) => void notes.push(note)
  const reached = createPublisher([{ kind: 'log' }], { log, toLog })
  reached.publish('one')
  expect(await reached.close()).toBe(true)
  expect(notes).toEqual(['one'])
  const unreached = createPublisher([{ kind: 'log' }, { kind: 'file', path: '/dev/null/none' }], { log, toLog })
  unreached.publish('two')
  expect(await unreached.close(50)).toBe(false)
  expect(notes).toEqual(['one', 'two'])
})

import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SpoolEntry } from '../../../src/audit/spool/line.ts'
import { createSpoolReader } from '../../../src/audit/spool/reader.ts'
import { bytesIn, segmentPath, segmentsIn } from '../../../src/audit/spool/segments.ts'
import { openSpool, SpoolError } from '../../../src/audit/spool/spool.ts'
import { keptLog } from '../kept-log.ts'
import { writtenLine } from './written-line.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'governance-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const idOf = (number: number) => `019ab000-0000-7000-8000-${String(number).padStart(12, '0')}`
const entryOf = (number: number): SpoolEntry => ({ kind: 'ended', id: idOf(number), outcome: `{"n":${number}}` })
const lineOf = (number: number) => writtenLine(entryOf(number))

function open(settings: Partial<Parameters<typeof openSpool>[0]> = {}) {
  const kept = keptLog()
  const spool = openSpool({ directory, sync: 'group', limitBytes: 1_000_000, retryMs: 20, log: kept.log, ...settings })
  return { spool, lines: kept.lines }
}

function reader(isOver: (segment: number) => boolean = () => false) {
  const { log, lines } = keptLog()
  const { pass, ...rest } = createSpoolReader({ directory, isOver, log })
  return { ...rest, lines, ids: () => [...pass()].flat().map(({ entry }) => entry.id) }
}

const damaged = () => readdirSync(join(directory, 'damaged'))

describe('a spool', () => {
  it('gives back what it took, in order, over several segments', async () => {
    const { spool } = open({ segmentBytes: 200 })
    for (let i = 0; i < 20; i++) await spool.append(entryOf(i))
    await spool.close()
    expect(segmentsIn(directory).length).toBeGreaterThan(3)
    expect(reader().ids()).toEqual(Array.from({ length: 20 }, (_, i) => idOf(i)))
  })

  it('begins a segment of its own after those of others', async () => {
    const first = open()
    await first.spool.append(entryOf(1))
    await first.spool.close()
    const second = open()
    expect(second.spool.first).toBe(first.spool.first + 1)
    expect(second.spool.bytes).toBe(lineOf(1).length)
    await second.spool.append(entryOf(2))
    await second.spool.close()
    expect(reader().ids()).toEqual([idOf(1), idOf(2)])
  })

  it('writes together what comes in one task, and what can wait after it', async () => {
    let writes = 0
    const { spool } = open({ onWritten: () => writes++ })
    spool.appendLater(entryOf(3))
    const taken = [1, 2].map(number => spool.append(entryOf(number)))
    spool.appendLater(entryOf(4))
    expect(bytesIn(directory)).toBe(0)
    await Promise.all(taken)
    expect(reader().ids().toSorted()).toEqual([1, 2, 3, 4].map(idOf))
    expect(writes).toBe(2)
    await spool.close()
  })

  it('has room for lines of any length, many at once', async () => {
    const { spool } = open({ limitBytes: 100_000_000 })
    const long = (number: number): SpoolEntry => ({ kind: 'opened', id: idOf(number), decision: '"ü€"'.repeat(20_000) })
    await Promise.all([1, 2, 3].map(number => spool.append(long(number))))
    await spool.close()
    expect(reader().ids()).toEqual([1, 2, 3].map(idOf))
  })

  it('takes no line beyond its limit, and goes on once room was made', async () => {
    const { spool, lines } = open({ limitBytes: 3 * lineOf(1).length + 10 })
    for (let i = 0; i < 3; i++) void spool.append(entryOf(i))
    for (let i = 0; i < 3; i++) expect(() => spool.append(entryOf(9))).toThrow(SpoolError)
    expect(spool.fault).toBe('LIMIT')
    // How a call ended is taken: the call went out.
    spool.appendLater(entryOf(4))
    await Promise.resolve()
    spool.release(2 * lineOf(1).length)
    expect(spool.fault).toBeNull()
    await spool.append(entryOf(5))
    await spool.close()
    expect(reader().ids()).toEqual([0, 1, 2, 4, 5].map(idOf))
    expect(lines.filter(({ text }) => text === 'The audit spool takes no records')).toHaveLength(1)
  })

  it('has its lines on stable storage when `always` says so, and shares a flush among calls', async () => {
    const { spool } = open({ sync: 'always' })
    await Promise.all(Array.from({ length: 50 }, (_, i) => spool.append(entryOf(i))))
    const last = spool.append(entryOf(50))
    await spool.close()
    await last
    expect(reader().ids()).toHaveLength(51)
  })

  it('writes nothing once it is closed, whatever room is made', async () => {
    const { spool } = open({ limitBytes: lineOf(1).length })
    await spool.append(entryOf(1))
    expect(() => spool.append(entryOf(2))).toThrow(SpoolError)
    await spool.close()
    const before = bytesIn(directory)
    spool.release(before)
    spool.appendLater(entryOf(3))
    expect(() => spool.append(entryOf(4))).toThrow(SpoolError)
    await sleep(50)
    expect(bytesIn(directory)).toBe(before)
    expect(segmentsIn(directory)).toHaveLength(1)
  })

  it('loses nothing to a reader that reads while it writes', async () => {
    const steps = fc.array(fc.constantFrom('append', 'later', 'turn', 'read'), { maxLength: 120 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 1000 }), async (actions, segmentBytes) => {
        rmSync(directory, { recursive: true })
        const { spool } = open({ segmentBytes })
        const { ids, close, lines } = reader()
        const found: string[] = []
        let written = 0
        for (const action of actions) {
          if (action === 'append') void spool.append(entryOf(written++))
          else if (action === 'later') spool.appendLater(entryOf(written++))
          else if (action === 'turn') await new Promise(setImmediate)
          else found.push(...ids())
        }
        await spool.close()
        found.push(...ids())
        close()
        expect(found.toSorted()).toEqual(Array.from({ length: written }, (_, i) => idOf(i)))
        expect(lines).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a reader', () => {
  it('ends its pass where the spool ended when it began', async () => {
    const { spool } = open()
    await spool.append(entryOf(0))
    const { pass } = createSpoolReader({ directory, isOver: () => false, log: keptLog().log })
    let written = 1
    for (const found of pass()) {
      expect(found).toHaveLength(1)
      await spool.append(entryOf(written++))
      expect(written).toBeLessThan(5)
    }
    await spool.close()
  })

  it('puts a flipped byte aside once, however often it reads, and reads everything else', () => {
    const bytes = Buffer.from(lineOf(1) + lineOf(2) + lineOf(3))
    const at = lineOf(1).length + 40
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(segmentPath(directory, 1), bytes)
    for (let i = 0; i < 3; i++) expect(reader().ids()).toEqual([idOf(1), idOf(3)])
    expect(damaged()).toHaveLength(1)
    const [file = ''] = damaged()
    expect(readFileSync(join(directory, 'damaged', file))).toEqual(
      bytes.subarray(lineOf(1).length, lineOf(1).length + lineOf(2).length - 1),
    )
  })

  it('waits for the rest of a line that is being written', () => {
    const path = segmentPath(directory, 1)
    const [start, rest] = [lineOf(2).slice(0, 30), lineOf(2).slice(30)]
    writeFileSync(path, lineOf(1) + start)
    const { ids, lines } = reader()
    expect(ids()).toEqual([idOf(1)])
    expect(ids()).toEqual([])
    appendFileSync(path, rest)
    expect(ids()).toEqual([idOf(2)])
    expect(lines).toEqual([])
  })

  it.each([
    ['a later segment follows', () => writeFileSync(segmentPath(directory, 2), lineOf(3)), () => false, [1, 3]],
    ['nobody writes the segment any more', () => {}, () => true, [1]],
  ])('puts a torn tail aside and reports it where %s', (_, prepare, isOver, expected) => {
    writeFileSync(segmentPath(directory, 1), lineOf(1) + lineOf(2).slice(0, 30))
    prepare()
    const { ids, lines } = reader(isOver)
    expect(ids()).toEqual(expected.map(idOf))
    expect(lines).toMatchObject([{ level: 'error', fields: { segment: 1, bytes: 30, kept: true } }])
    expect(damaged()).toHaveLength(1)
  })

  it('is not stopped by blocks without a line, such as zeros that a file system left', () => {
    writeFileSync(segmentPath(directory, 1), Buffer.concat([Buffer.from(lineOf(1)), Buffer.alloc(9_000_000)]))
    writeFileSync(segmentPath(directory, 2), lineOf(2))
    expect(reader().ids()).toEqual([idOf(1), idOf(2)])
  })
})

// What has the number of the spool's folder by then was closed with it: of a thread, and the process ended.
it('that is closed twice closes no file of others', async () => {
  const { spool } = open()
  await spool.close()
  const others = Array.from({ length: 20 }, () => openSync(directory, 'r'))
  await spool.close()
  for (const other of others) closeSync(other)
})

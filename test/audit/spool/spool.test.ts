import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeLine } from '../../../src/audit/spool/line.ts'
import { createSpoolReader } from '../../../src/audit/spool/reader.ts'
import { bytesIn, segmentPath, segmentsIn } from '../../../src/audit/spool/segments.ts'
import { openSpool, SpoolError } from '../../../src/audit/spool/spool.ts'
import { keptLog } from '../kept-log.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'governance-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const idOf = (number: number) => `019ab000-0000-7000-8000-${String(number).padStart(12, '0')}`
const lineOf = (number: number) => writeLine({ kind: 'ended', id: idOf(number), outcome: `{"n":${number}}` })

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
    for (let i = 0; i < 20; i++) spool.append(lineOf(i))
    await spool.close()
    expect(segmentsIn(directory).length).toBeGreaterThan(3)
    expect(reader().ids()).toEqual(Array.from({ length: 20 }, (_, i) => idOf(i)))
  })

  it('begins a segment of its own after those of others', async () => {
    const first = open()
    first.spool.append(lineOf(1))
    await first.spool.close()
    const second = open()
    expect(second.spool.first).toBe(first.spool.first + 1)
    expect(second.spool.bytes).toBe(lineOf(1).length)
    second.spool.append(lineOf(2))
    await second.spool.close()
    expect(reader().ids()).toEqual([idOf(1), idOf(2)])
  })

  it('writes what can wait with the next line, or at the end of the turn', async () => {
    const { spool } = open()
    spool.appendLater(lineOf(1))
    expect(bytesIn(directory)).toBe(0)
    spool.append(lineOf(2))
    spool.appendLater(lineOf(3))
    await new Promise(setImmediate)
    expect(reader().ids()).toEqual([1, 2, 3].map(idOf))
    await spool.close()
  })

  it('takes no line beyond its limit, and goes on once room was made', async () => {
    const { spool, lines } = open({ limitBytes: 3 * lineOf(1).length + 10 })
    for (let i = 0; i < 3; i++) spool.append(lineOf(i))
    for (let i = 0; i < 3; i++) expect(() => spool.append(lineOf(9))).toThrow(SpoolError)
    expect(spool.fault).toBe('LIMIT')
    // How a call ended is taken: the call went out.
    spool.appendLater(lineOf(4))
    spool.release(2 * lineOf(1).length)
    expect(spool.fault).toBeNull()
    spool.append(lineOf(5))
    await spool.close()
    expect(reader().ids()).toEqual([0, 1, 2, 4, 5].map(idOf))
    expect(lines.filter(({ text }) => text === 'The audit spool takes no records')).toHaveLength(1)
  })

  it('has its lines on stable storage when `always` says so, and shares a flush among calls', async () => {
    const { spool } = open({ sync: 'always' })
    await Promise.all(Array.from({ length: 50 }, (_, i) => spool.append(lineOf(i))))
    const last = spool.append(lineOf(50))
    await spool.close()
    await last
    expect(reader().ids()).toHaveLength(51)
  })

  it('writes nothing once it is closed, whatever room is made', async () => {
    const { spool } = open({ limitBytes: lineOf(1).length })
    spool.append(lineOf(1))
    expect(() => spool.append(lineOf(2))).toThrow(SpoolError)
    await spool.close()
    const before = bytesIn(directory)
    spool.release(before)
    spool.appendLater(lineOf(3))
    expect(() => spool.append(lineOf(4))).toThrow(SpoolError)
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
          if (action === 'append') spool.append(lineOf(written++))
          else if (action === 'later') spool.appendLater(lineOf(written++))
          else if (action === 'turn') await new Promise(setImmediate)
          else found.push(...ids())
        }
        await spool.close()
        found.push(...ids())
        close()
        expect(found).toEqual(Array.from({ length: written }, (_, i) => idOf(i)))
        expect(lines).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a reader', () => {
  it('ends its pass where the spool ended when it began', async () => {
    const { spool } = open()
    spool.append(lineOf(0))
    const { pass } = createSpoolReader({ directory, isOver: () => false, log: keptLog().log })
    let written = 1
    for (const found of pass()) {
      expect(found).toHaveLength(1)
      spool.append(lineOf(written++))
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

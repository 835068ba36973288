import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLine, type SpoolEntry } from '../../../src/audit/spool/line.ts'
import { writtenLine } from './written-line.ts'

const json = fc.string({ unit: 'binary', maxLength: 200 }).map(text => JSON.stringify(text.toWellFormed()))
const entries: fc.Arbitrary<SpoolEntry> = fc.oneof(
  fc.record({ kind: fc.constant('opened' as const), id: fc.uuid(), decision: json }),
  fc.record({ kind: fc.constant('ended' as const), id: fc.uuid(), outcome: json }),
  fc.record({ kind: fc.constant('whole' as const), id: fc.uuid(), decision: json, outcome: json }),
)
const bytesOf = (entry: SpoolEntry) => Buffer.from(writtenLine(entry)).subarray(0, -1)

test('a line holds any text in one line, and gives it back', () => {
  fc.assert(
    fc.property(entries, entry => {
      expect(writtenLine(entry).indexOf('\n')).toBe(writtenLine(entry).length - 1)
      expect(readLine(bytesOf(entry))).toEqual(entry)
    }),
  )
})

test('a line with a flipped bit is not read as anything else', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat({ max: 7 }), (entry, place, bit) => {
      const line = bytesOf(entry)
      const at = place % line.length
      line[at] = (line[at] ?? 0) ^ (1 << bit)
      const read = readLine(line)
      if (read !== null) expect(read).toEqual(entry)
      // What the checksum is of shows each flip.
      if (at > 8) expect(read).toBeNull()
    }),
  )
})

test('a line that was cut off anywhere is not read', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (entry, length) => {
      const line = bytesOf(entry)
      expect(readLine(line.subarray(0, length % line.length))).toBeNull()
    }),
  )
})

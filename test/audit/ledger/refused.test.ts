import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openRefused } from '../../../src/audit/ledger/refused.ts'
import { keptLog } from '../kept-log.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'governance-refused-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const [one, two] = [1, 2].map(id => ({ id: String(id), decision: `{"id":"${id}"}`, outcome: '{}' })) as [never, never]
const line = (id: number) => `{"decision":{"id":"${id}"},"outcome":{}}\n`

it('keeps each record once, also over starts, and says so at level error', () => {
  const { log, lines } = keptLog()
  const putAside = openRefused(directory, log)
  for (const record of [one, one, two]) putAside(record, 'taken')
  openRefused(directory, log)(one, 'unproven')
  expect(readFileSync(join(directory, 'refused'), 'utf8')).toBe(line(1) + line(2))
  expect(lines).toMatchObject([
    { level: 'error', fields: { id: '1' } },
    { level: 'error', fields: { id: '2' } },
  ])
})

it('keeps a record whose line was cut off', () => {
  const { log } = keptLog()
  appendFileSync(join(directory, 'refused'), line(1).slice(0, 9))
  openRefused(directory, log)(one, 'taken')
  expect(readFileSync(join(directory, 'refused'), 'utf8')).toBe(`${line(1).slice(0, 9)}\n${line(1)}`)
})

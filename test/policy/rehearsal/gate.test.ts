import { describe, expect, test } from 'vitest'
import { parseGate } from '../../../src/policy/rehearsal/gate.ts'
import { createReplay, type ReplayReport } from '../../../src/policy/rehearsal/replay.ts'

const nothing = createReplay(() => {
  throw new Error('There is nothing to judge')
}).report()
const count = (count: number) => ({ count, share: count / 1000, decisions: [] })

const report: ReplayReport = {
  ...nothing,
  decisions: 1000,
  changed: 7,
  newly_blocked: count(5),
  newly_allowed: count(2),
  errors: { count: 0, rules: [] },
}

describe('a gate', () => {
  test.each([
    ['newly_blocked>0.5%', false],
    ['newly_blocked>=0.5%', true],
    ['newly_blocked > 0.4%', true],
    ['newly_blocked>4', true],
    ['newly_blocked>5', false],
    ['newly_allowed>0', true],
    ['changed>=7', true],
    ['changed>1%', false],
    ['errors>0', false],
  ])('%s fails: %s', (text, fails) => {
    expect(parseGate(text)?.fails(report)).toBe(fails)
  })

  test.each([
    '',
    'newly_blocked',
    'newly_blocked>',
    'newly_blocked<5',
    'blocked>1',
    'changed>1%%',
    'changed>-1',
    'constructor>1',
  ])('is not read from %j', text => expect(parseGate(text)).toBeNull())

  test('passes where nothing was judged', () => {
    expect(parseGate('newly_blocked>=0%')?.fails(nothing)).toBe(false)
  })
})

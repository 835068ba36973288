import { describe, expect, test } from 'vitest'
import type { CustomDetector } from '../../src/contracts/custom-detector.ts'
import { gatherJson } from '../../src/inspection/body.ts'
import { createCollector } from '../../src/inspection/content.ts'
import { examine } from '../../src/inspection/examine.ts'
import { effectiveDocuments, InvalidPolicyError } from '../../src/policy/documents.ts'
import { growth, inProportion } from '../growth.ts'

const codeName: CustomDetector = {
  type: 'code_name',
  pattern: '\\bPRJ-[A-Z]{3,12}\\b',
  ignore_case: false,
  keywords: [],
  context: [],
  checksum: 'none',
}

function find(text: string, ...detectors: Partial<CustomDetector>[]) {
  const collector = createCollector()
  collector.addText(text, 'user')
  return examine(
    collector.finish(),
    detectors.map(detector => ({ ...codeName, ...detector })),
  ).custom
}

test('a pattern is counted under its own type', () => {
  expect(find('PRJ-FALCON and PRJ-EAGLE, not prj-owl', {})).toEqual({ code_name: 2 })
  expect(find('PRJ-FALCON and prj-owl', { ignore_case: true })).toEqual({ code_name: 2 })
  expect(find('falcons', {})).toEqual({})
})

test('keywords gate it, wherever in the text they stand and in any case', () => {
  expect(find('PRJ-FALCON', { keywords: ['launch'] })).toEqual({})
  expect(find('PRJ-FALCON is ready for LAUNCH', { keywords: ['launch'] })).toEqual({ code_name: 1 })
  expect(find('PRJ-FALCON a.b', { keywords: ['a+b', 'axb'] })).toEqual({})
})

test('a word of context must stand shortly before a finding', () => {
  const account = { type: 'account', pattern: '[0-9]{8}', context: ['account', 'acct.'] }
  expect(find('account 12345678', account)).toEqual({ account: 1 })
  expect(find('acct. no 12345678', account)).toEqual({ account: 1 })
  expect(find('order 12345678', account)).toEqual({})
  expect(find(`account ${'x'.repeat(60)} 12345678`, account)).toEqual({})
})

test('check digits are checked', () => {
  const account = { type: 'account', pattern: '[0-9]{4}-[0-9]{4}', checksum: 'luhn' as const }
  expect(find('4992-7398', account)).toEqual({})
  expect(find('7992-7398', account)).toEqual({ account: 1 })
})

test('what hides from our detectors hides from none of theirs', () => {
  expect(find('PRJ\u200b-FAL\u00adCON', {})).toEqual({ code_name: 1 })
  expect(find('ＰＲＪ－ＦＡＬＣＯＮ', {})).toEqual({ code_name: 1 })
})

test('a finding may be one of ours, too', () => {
  const collector = createCollector()
  collector.addText('write to alice@example.com', 'user')
  const { types, custom } = examine(collector.finish(), [
    { ...codeName, type: 'colleague', pattern: '\\w+@example.com' },
  ])
  expect({ types, custom }).toEqual({ types: { email: 1 }, custom: { colleague: 1 } })
})

test('a hostile pattern takes no longer than another', () => {
  const findSlowly = (size: number) =>
    find(`${'a'.repeat(size)}!`, { pattern: '^(a+)+$' }, { pattern: '(a|aa)+b' }, { pattern: '(.*)*c' })
  expect(findSlowly(16_384)).toEqual({})
  expect(growth(findSlowly, 65_536, 4096)).toBeLessThan(inProportion)
})

function inspectChat(content: string, pattern: string) {
  const collector = createCollector()
  gatherJson(collector, { messages: [{ role: 'user', content }] })
  return examine(collector.finish(), [{ ...codeName, pattern }]).custom
}

test('each text is matched by itself', () => {
  const findIn = (texts: string[], pattern: string) => {
    const collector = createCollector()
    for (const text of texts) collector.addText(text, 'user')
    return examine(collector.finish(), [{ ...codeName, pattern }]).custom
  }
  expect(findIn(['first', 'PRJ-FALCON', 'last'], '^PRJ-[A-Z]+$')).toEqual({ code_name: 1 })
  expect(inspectChat('PRJ-1234', '^PRJ-[0-9]+$')).toEqual({ code_name: 1 })
  expect(findIn(['about PRJ-FALCON', 'last'], 'PRJ-\\S+')).toEqual({ code_name: 1 })
  expect(findIn(['name: FALCON', 'last', 'name: EAGLE'], 'name: [^,]+')).toEqual({ code_name: 2 })
})

test('a text has a thousand findings at most', () => {
  expect(find('PRJ-FALCON '.repeat(1500), {})).toEqual({ code_name: 1000 })
  expect(find(`${'1 '.repeat(5000)}id 7`, { pattern: '\\d', context: ['id'] })).toEqual({ code_name: 1 })
})

describe('saving', () => {
  const save = (detector: Record<string, unknown>) => () =>
    effectiveDocuments({
      custom_detectors: { detectors: [{ type: 'code_name', pattern: 'PRJ', score: 30, ...detector }] },
    })

  test('fills in what is left out', () => {
    expect(save({})().custom_detectors.detectors).toEqual([{ ...codeName, pattern: 'PRJ', score: 30 }])
  })

  test.each([
    ['a pattern that is none', { pattern: '(' }],
    ['a pattern that cannot be judged in linear time', { pattern: '(a)\\1' }],
    ['a pattern that looks around', { pattern: '(?<=x)y' }],
    ['a pattern that matches nothing', { pattern: 'a*' }],
    ['a pattern that is too long', { pattern: 'a'.repeat(257) }],
    ['a name that is none', { type: 'Code Name' }],
    ['a checksum that nobody knows', { checksum: 'crc' }],
    ['a field that nobody knows', { regex: 'x' }],
  ])('refuses %s', (_, detector) => {
    expect(save(detector)).toThrow(InvalidPolicyError)
  })
})

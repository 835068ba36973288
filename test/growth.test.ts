import { expect, test } from 'vitest'
import { growth, inProportion, repeated } from './growth.ts'

test('a scan that reads each character a few times grows in proportion', () => {
  expect(growth(size => repeated('a@', size).replaceAll('@', '').split('a').length)).toBeLessThan(inProportion)
})

test('a scan from every start to the end of the text is out of proportion', () => {
  expect(growth(size => /a+b/.test(repeated('a', size)), 65_536, 4096)).toBeGreaterThan(inProportion)
})

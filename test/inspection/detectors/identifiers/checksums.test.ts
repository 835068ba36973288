import { expect, it } from 'vitest'
import {
  isDay,
  passesLuhn,
  passesMod97,
  passesMod1110,
  passesTravelDocument,
  passesVerhoeff,
} from '../../../../src/inspection/detectors/identifiers/checksums.ts'

// Samples of the standards and papers themselves.
it.each([
  ['Luhn', passesLuhn, '79927398713', '79927398710'],
  ['MOD 97-10', passesMod97, '79444', '79445'],
  ['MOD 11,10', passesMod1110, '57549285017', '57549285071'],
  ['Verhoeff', passesVerhoeff, '2363', '2633'],
  ['ICAO 9303', passesTravelDocument, 'L898902C36', 'L898902C63'],
] as const)('%s', (_, passes, right, wrong) => {
  expect(passes(right)).toBe(true)
  expect(passes(wrong)).toBe(false)
})

it('knows the days of a month', () => {
  expect([isDay(2, 29), isDay(4, 30), isDay(12, 31)]).toEqual([true, true, true])
  expect([isDay(2, 30), isDay(4, 31), isDay(13, 1), isDay(0, 1), isDay(1, 0)]).toEqual(Array(5).fill(false))
})

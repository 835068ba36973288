import { expect, test } from 'vitest'
import { forget, unitsOf, withUnits } from '../../src/inspection/units.ts'

const textOf = (units: Uint16Array, length: number) => String.fromCharCode(...units.subarray(0, length))

test('units that are lent stay what they are while other texts are copied', () => {
  withUnits('outer', outer => {
    withUnits('inner text', inner => expect(textOf(inner, 10)).toBe('inner text'))
    forget(unitsOf('a third'), 7)
    expect(textOf(outer, 5)).toBe('outer')
  })
})

test('no text stays in units, and none keeps the others from theirs, also where a reader throws', () => {
  let kept = unitsOf('')
  const failing = () =>
    withUnits('secret', units => {
      kept = units
      throw new Error('no')
    })
  expect(failing).toThrow('no')
  expect(textOf(kept, 6)).toBe('\0'.repeat(6))
  expect(unitsOf('next')).toBe(kept)
})

test('texts of any length end in zeros', () => {
  for (const length of [0, 1, 32_768, 40_000])
    withUnits('x'.repeat(length), units => expect([units[length - 1] ?? 120, units[length]]).toEqual([120, 0]))
})

import { describe, expect, it } from 'vitest'
import { declaredMetadata } from '../../src/inspection/declared.ts'

it('keeps allow-listed keys with booleans and bounded identifiers', () => {
  const entries: [string, unknown][] = [
    ['intent', 'summarise'],
    ['use_case', 'support.tickets:v2'],
    ['contains_personal_data', true],
    ['user', 'u-4711'],
  ]
  expect(declaredMetadata(entries)).toEqual(Object.fromEntries(entries))
})

it.each<[string, unknown]>([
  ['note', 'summarise'],
  ['__proto__', 'x'],
  ['intent', 'a sentence that says too much'],
  ['intent', 'a'.repeat(65)],
  ['intent', ''],
  ['user', 'alice@example.com'],
  ['user', '4111111111111111'],
  ['user', '192.168.1.20'],
  ['team', 42],
  ['team', { name: 'a' }],
  ['team', null],
])('drops %s: %j', (key, value) => {
  expect(declaredMetadata([[key, value]])).toEqual({})
})

it('reads a bounded number of entries', () => {
  const noise = Array.from({ length: 100 }, (): [string, unknown] => ['note', 'x'])
  expect(declaredMetadata([...noise, ['team', 'core']])).toEqual({})
})

describe('flags that add risk', () => {
  const flag = (...values: unknown[]) =>
    declaredMetadata(values.map(value => ['contains_personal_data', value])).contains_personal_data

  it('are raised by anything but a plain no', () => {
    for (const value of [true, 'true', 'TRUE', '1', 'yes', 'true, true', 1, {}]) expect(flag(value)).toBe(true)
    for (const value of [false, 'false', 'False', '0', 'no', '', null]) expect(flag(value)).toBe(false)
  })

  it('stay raised, whoever lowers them later, and however much stands before them', () => {
    expect(flag('true', 'false')).toBe(true)
    expect(flag(false, true, false)).toBe(true)
    const many = Array.from({ length: 100 }, (_, i): [string, unknown] => [`k${i}`, 'x'])
    expect(declaredMetadata([...many, ['is_external_model', true]])).toEqual({ is_external_model: true })
  })
})

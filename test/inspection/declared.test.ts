import { expect, it } from 'vitest'
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

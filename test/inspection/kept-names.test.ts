import { expect, test } from 'vitest'
import { isModelName, isOperationName } from '../../src/inspection/kept-names.ts'
import { operations } from '../../src/operations.ts'

test.each([
  'gpt-4o',
  'ft:gpt-4o:acme::x',
  'org/model@sha',
  'llama3.2:1b',
  'hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M',
  'model+lora~2',
  'x'.repeat(256),
])('%s can be a model', name => expect(isModelName(name)).toBe(true))

test.each(['', ' ', 'a b', 'a\n', 'a\u0000', 'é', 'a\u202e', 'a"b', 'a\\b', 'a{b}', 'x'.repeat(257)])(
  '%j is no name of a model',
  name => expect(isModelName(name)).toBe(false),
)

test('names that the record keeps name nobody', () => {
  expect(isModelName('alice.smith@example.com')).toBe(false)
  expect(isOperationName('078-05-1120')).toBe(false)
})

test('the own operations and plain words are operations', () => {
  for (const { name } of operations) expect(isOperationName(name), name).toBe(true)
  for (const name of ['classify', 'team:summarise', 'x.y-z_1', 'x'.repeat(64)]) expect(isOperationName(name)).toBe(true)
  for (const name of ['', 'two words', 'a"b', 'a/b', 'x'.repeat(65)]) expect(isOperationName(name)).toBe(false)
})

import { expect, test } from 'vitest'
import { detectIn, normalFormOf } from '../../../src/inspection/detect.ts'

/** How many telephone numbers are found at each confidence. */
function confidences(text: string) {
  const counts: Record<number, number> = {}
  for (const { type, confidence } of detectIn(normalFormOf([text])))
    if (type === 'phone') counts[confidence] = (counts[confidence] ?? 0) + 1
  return counts
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `+44 20 7946 ${1000 + i}`)

test('numbers that nobody could validate any more are uncertain', () => {
  expect(confidences(numbers(100).join(', '))).toEqual({ 1: 100 })
  expect(confidences(numbers(400).join(', '))).toEqual({ 0.5: 272, 1: 128 })
})

test('a number that is repeated costs one validation', () => {
  expect(confidences('+44 20 7946 0958, '.repeat(400))).toEqual({ 1: 400 })
  expect(confidences(`${'+44 20 7946 0958, '.repeat(400)} +999 123 456 789`)).toEqual({ 1: 400 })
})

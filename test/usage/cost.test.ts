import { calcPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { createPricing } from '../../src/usage/cost.ts'

const at = new Date('2026-03-01T12:00:00Z')
const usage = (inputTokens: number | null, outputTokens: number | null, cachedInputTokens: number | null = null) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
})

it.each([
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-2024-08-06'],
  ['openai', 'gpt-4o-mini'],
  ['openai', 'gpt-5-mini'],
  ['deepseek', 'deepseek-chat'],
  ['mistral', 'mistral-large-latest'],
  ['mistral', 'mistral-medium-latest'],
  ['groq', 'llama-3.1-8b-instant'],
  ['openrouter', 'anthropic/claude-sonnet-4'],
])('agrees with the list for %s/%s', (provider, model) => {
  const cost = createPricing()
  const counts = fc.tuple(fc.nat(2_000_000), fc.nat(200_000), fc.nat(2_000_000))
  fc.assert(
    fc.property(
      counts,
      fc.date({ min: new Date('2024-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      ([input, output, cached], date) => {
        const cachedInput = Math.min(cached, input)
        const listed = calcPrice(
          { input_tokens: input, output_tokens: output, cache_read_tokens: cachedInput },
          model,
          { providerId: provider, timestamp: date },
        )
        expect(listed).not.toBeNull()
        expect(cost({ provider, model, usage: usage(input, output, cachedInput), at: date })).toBeCloseTo(
          listed?.total_price ?? -1,
          9,
        )
      },
    ),
  )
})

it('prices a known call', () => {
  const cost = createPricing()
  expect(cost({ provider: 'openai', model: 'gpt-4o', usage: usage(1000, 100, 200), at })).toBeCloseTo(0.00325, 12)
})

it('prices input alone where a model prices no output', () => {
  const cost = createPricing()
  expect(cost({ provider: 'openai', model: 'text-embedding-3-small', usage: usage(1000, null), at })).toBeCloseTo(
    0.00002,
    12,
  )
})

it.each([
  ['an unknown model', 'openai', 'no-such-model', usage(1, 1)],
  ['an unknown provider', 'nobody', 'gpt-4o', usage(1, 1)],
  ['a provider that only resembles a listed one', 'my-openai', 'gpt-4o', usage(1, 1)],
  ['no provider', null, 'gpt-4o', usage(1, 1)],
  ['no model', 'openai', null, usage(1, 1)],
  ['input that was not reported', 'openai', 'gpt-4o', usage(null, 1)],
  ['output that was not reported', 'openai', 'gpt-4o', usage(1, null)],
  ['audio that is priced apart', 'openai', 'gpt-4o-transcribe', usage(1, 1)],
  ['images that are priced apart', 'openai', 'gpt-image-1', usage(1, 1)],
])('is null for %s', (_name, provider, model, figures) => {
  const cost = createPricing()
  expect(cost({ provider, model, usage: figures, at })).toBeNull()
  expect(cost({ provider, model, usage: figures, at })).toBeNull()
})

it('fetches nothing', () => {
  const fetched = vi.spyOn(globalThis, 'fetch')
  createPricing()({ provider: 'openai', model: 'gpt-4o', usage: usage(1, 1), at })
  expect(fetched).not.toHaveBeenCalled()
  fetched.mockRestore()
})

import { isObject } from '../json.ts'

/** Token usage of one call as its provider reported it. Null is what was not reported, or could not be true. */
export type Usage = {
  inputTokens: number | null
  outputTokens: number | null
  /** The part of `inputTokens` that the provider read from its cache. */
  cachedInputTokens: number | null
}

/** The largest figure that the database's integer column holds. No call comes near it. */
const largest = 2_147_483_647

/**
 * Reads a provider's `usage` object. Names differ by operation: chat, completions and embeddings count
 * `prompt_tokens` and `completion_tokens`; responses, images and audio `input_tokens` and `output_tokens`.
 * Embeddings report no output, so `outputTokens` stays null: not reported, as opposed to none.
 * Returns null if no figure can be used (Whisper reports seconds). Source: the OpenAI API reference.
 */
export function toUsage(value: unknown): Usage | null {
  if (!isObject(value)) return null
  const inputTokens = count(value.prompt_tokens) ?? count(value.input_tokens)
  const outputTokens = count(value.completion_tokens) ?? count(value.output_tokens)
  const cached =
    detail(value.prompt_tokens_details) ?? detail(value.input_tokens_details) ?? count(value.prompt_cache_hit_tokens)
  if (inputTokens === null && outputTokens === null) return null
  const cachedInputTokens = cached !== null && inputTokens !== null && cached <= inputTokens ? cached : null
  return { inputTokens, outputTokens, cachedInputTokens }
}

function detail(value: unknown): number | null {
  return isObject(value) ? count(value.cached_tokens) : null
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest ? value : null
}

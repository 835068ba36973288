import { calcPrice, findProvider, type ModelPrice, type PriceCalculation } from '@pydantic/genai-prices'
import { LRUCache } from 'lru-cache'
import type { Usage } from './usage.ts'

type Priced = { provider: string | null; model: string | null; usage: Usage; at: Date }
/** US dollars, null if unknown. */
export type Cost = (call: Priced) => number | null

/** Models are named by callers: what is remembered of them is bounded. */
const rememberedModels = 2000
/** Prices by token that our figures can tell apart. Searches and the like are billed beside the tokens. */
const tokenPrices = new Set(['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok'])
const separatePrices = new Set(['web_searches_kcount', 'storage_searches_kcount', 'requests_kcount'])

/**
 * Prices the tokens of a call by the list that comes with `@pydantic/genai-prices`; nothing is fetched.
 * Null if the provider or model is not in the list (a provider that only resembles a listed one is not in it),
 * if a figure that is priced was not reported, or if audio or images are priced apart from text.
 * Input whose cached part was not reported is priced as uncached.
 */
export function createPricing(): Cost {
  const models = new LRUCache<string, { price: PricedModel | null }>({ max: rememberedModels })

  return function cost({ provider, model, usage, at }) {
    if (provider === null || model === null || usage.inputTokens === null) return null
    const name = `${provider}/${model}`
    let entry = models.get(name)
    if (entry === undefined) {
      entry = { price: resolve(provider, model) }
      models.set(name, entry)
    }
    return entry.price === null ? null : entry.price(usage.inputTokens, usage, at)
  }
}

type PricedModel = (inputTokens: number, usage: Usage, at: Date) => number | null

function resolve(providerId: string, modelId: string): PricedModel | null {
  if (findProvider({ providerId })?.id !== providerId) return null
  const found = calcPrice({ input_tokens: 0 }, modelId, { providerId })
  if (found === null) return null
  return flatPrice(found.model.prices) ?? listPrice(found)
}

/** A price that depends on nothing but the counts, which most are: 0.1 µs a call instead of 10. */
function flatPrice(prices: PriceCalculation['model']['prices']): PricedModel | null {
  if (Array.isArray(prices)) return null
  const { input_mtok: input, output_mtok: output = 0, cache_read_mtok: cacheRead = input } = prices
  if (typeof input !== 'number' || typeof output !== 'number' || typeof cacheRead !== 'number') return null
  if (!isTokenPrice(prices)) return null
  return function priceFlat(inputTokens, { outputTokens, cachedInputTokens }) {
    if (outputTokens === null && output !== 0) return null
    const cached = cachedInputTokens ?? 0
    return ((inputTokens - cached) * input + cached * cacheRead + (outputTokens ?? 0) * output) / 1_000_000
  }
}

/** Prices in tiers, or by date or hour: left to the library, with the model already found. */
function listPrice({ provider, model }: PriceCalculation): PricedModel {
  const only = { ...provider, models: [{ ...model, match: { contains: '' } }] }
  return function priceListed(inputTokens, { outputTokens, cachedInputTokens }, at) {
    const counts = {
      input_tokens: inputTokens,
      output_tokens: outputTokens ?? 0,
      cache_read_tokens: cachedInputTokens ?? 0,
    }
    const result = calcPrice(counts, model.id, { provider: only, timestamp: at })
    if (result === null || !isTokenPrice(result.model_price)) return null
    if (outputTokens === null && result.model_price.output_mtok !== undefined) return null
    return result.total_price
  }
}

function isTokenPrice(price: ModelPrice): boolean {
  const keys = Object.keys(price)
  return 'input_mtok' in price && keys.every(key => tokenPrices.has(key) || separatePrices.has(key))
}

import { randomUUID } from 'node:crypto'
import { type Body, isObject } from './turn.ts'

const categories = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
]

const each = <T>(value: T) => Object.fromEntries(categories.map(category => [category, value]))

/** Flags nothing. Source: https://platform.openai.com/docs/api-reference/moderations */
export function moderate({ model, input }: Body): object {
  // An array of strings is as many inputs; an array of parts (text, images) is one.
  const count = Array.isArray(input) && !input.some(isObject) ? input.length : 1
  const result = {
    flagged: false,
    categories: each(false),
    category_scores: each(0),
    category_applied_input_types: each([]),
  }
  return { id: `modr-${randomUUID()}`, model: String(model), results: Array.from({ length: count }, () => result) }
}

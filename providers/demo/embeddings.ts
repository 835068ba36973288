import { createHash } from 'node:crypto'
import { type Body, charactersOf, tokensOf, unreadable } from './turn.ts'

const defaultDimensions = 1536
const maxDimensions = 4096
const maxInputs = 2048

/**
 * Vectors of length one that are the same for the same input, and mean nothing.
 * Source: https://platform.openai.com/docs/api-reference/embeddings
 */
export function embed({ model, input, dimensions, encoding_format }: Body): object {
  const size = Number(dimensions ?? defaultDimensions)
  const inputs = Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]
  if (!Number.isInteger(size) || size < 1 || size > maxDimensions) throw unreadable('"dimensions" is out of range.')
  if (inputs.length > maxInputs) throw unreadable('"input" is too long.')
  const prompt_tokens = tokensOf(charactersOf(input))
  return {
    object: 'list',
    model: String(model),
    data: inputs.map((each, index) => {
      const vector = vectorOf(JSON.stringify(each), size)
      const embedding = encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
      return { object: 'embedding', index, embedding }
    }),
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  }
}

function vectorOf(text: string, size: number): Float32Array {
  // SHAKE gives as many bytes as are asked for; one keeps the demo quick, and 256 steps are enough.
  const bytes = createHash('shake256', { outputLength: size }).update(text).digest()
  const vector = Float32Array.from(bytes, byte => byte - 127.5)
  const length = Math.hypot(...vector)
  return vector.map(each => each / length)
}

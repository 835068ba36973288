import { isAscii, isUtf8 } from 'node:buffer'
import { GovernedError } from '../../errors.ts'
import { type Json, type JsonObject, parseJson } from '../../json.ts'
import { parseExactly } from './exact-numbers.ts'

declare global {
  interface JSON {
    /** A number's source text, which `JSON.stringify` writes back unchanged (ECMAScript 2026). */
    rawJSON(text: string): JsonObject
    isRawJSON(value: unknown): boolean
  }
}

const maxDepth = 64

/**
 * Parses a request body so that what is judged is what `JSON.stringify` will send: a key given twice counts with its
 * last value, integers beyond 2^53 keep their digits. Throws `invalid_encoding`, `invalid_json`, `invalid_number`,
 * `nested_too_deep`.
 */
export function parseBody(bytes: Buffer): Json {
  const ascii = isAscii(bytes)
  if (!ascii && !isUtf8(bytes)) throw new GovernedError('invalid_encoding')
  const text = bytes.toString(ascii ? 'latin1' : 'utf8')
  const value = parse(text)
  refuseDepth(value, 0)
  return parseExactly(text) ?? value
}

function parse(text: string): Json {
  try {
    return parseJson(text)
  } catch {
    // The parser's own message quotes the body.
    throw new GovernedError('invalid_json')
  }
}

function refuseDepth(value: Json, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth === maxDepth) throw new GovernedError('nested_too_deep')
  if (Array.isArray(value)) {
    for (const item of value) refuseDepth(item, depth + 1)
  } else {
    for (const key in value) refuseDepth(value[key] ?? null, depth + 1)
  }
}

export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
}

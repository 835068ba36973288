import { randomUUID } from 'node:crypto'
import { GovernedError } from '../../errors.ts'
import { endOfString, type Json, parseJson } from '../../json.ts'

// The cheapest sign that a number may not survive a double: a long run of digits, or an exponent of three digits.
const odd = /\d{16}|[eE][+-]?\d{3}/g
const ofNumber = /[\d.eE+-]/
/** Nobody outside this process can foresee it, so no caller's text begins so. */
const mark = randomUUID()

/**
 * Parses a text that is known to be JSON so that integers beyond 2^53 keep their digits. Null where it holds none, and
 * any parser reads it right. Throws `invalid_number` for what no double comes near.
 *
 * Such numbers are read as strings under a mark, and put back: a reviver would be called for every value there is,
 * which takes many times as long.
 */
export function parseExactly(text: string): Json | null {
  let marked = ''
  let copied = 0
  for (const { start, end } of oddNumbers(text)) {
    const source = text.slice(start, end)
    const value = Number(source)
    if (!Number.isFinite(value)) throw new GovernedError('invalid_number')
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) continue
    marked += `${text.slice(copied, start)}"${mark}${source}"`
    copied = end
  }
  return copied === 0 ? null : putBack(parseJson(marked + text.slice(copied)))
}

/** Where numbers stand that look odd. Those in strings are no numbers. */
function* oddNumbers(text: string): Iterable<{ start: number; end: number }> {
  let quote = text.indexOf('"')
  odd.lastIndex = 0
  for (let found = odd.exec(text); found !== null; found = odd.exec(text)) {
    let after = 0
    while (quote !== -1 && quote < found.index) {
      after = endOfString(text, quote)
      quote = text.indexOf('"', after)
    }
    if (after > found.index) {
      odd.lastIndex = after
      continue
    }
    let start = found.index
    while (ofNumber.test(text.charAt(start - 1))) start--
    let end = odd.lastIndex
    while (ofNumber.test(text.charAt(end))) end++
    odd.lastIndex = end
    yield { start, end }
  }
}

/** In place: the parser made it for us. */
function putBack(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(mark) ? JSON.rawJSON(value.slice(mark.length)) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = putBack(value[i] ?? null)
  else for (const key in value) value[key] = putBack(value[key] ?? null)
  return value
}

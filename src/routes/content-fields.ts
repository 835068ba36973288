import { isJsonObject } from '../call/body/json.ts'
import type { Json } from '../json.ts'

const contentFields = new Set(['prompt', 'text', 'input', 'message', 'messages', 'content'])
const plainKey = /^[\w-]{1,64}$/

/** Path of the first field whose name says that it holds content, at any depth and in any case. Null if none does. */
export function findContentField(value: Json, path = ''): string | null {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findContentField(item, `${path}[${index}]`)
      if (found !== null) return found
    }
    return null
  }
  if (!isJsonObject(value)) return null
  for (const key of Object.keys(value)) {
    // A key can itself be content; the path then shows its place only.
    const here = `${path}${path === '' ? '' : '.'}${plainKey.test(key) ? key : '*'}`
    if (contentFields.has(key.toLowerCase().trim())) return here
    const found = findContentField(value[key] ?? null, here)
    if (found !== null) return found
  }
  return null
}

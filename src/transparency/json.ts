/** A JSON value, as `JSON.parse` makes it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [member: string]: Json }

/** Whether an object in a JSON text has a member twice: parsed, as `value` is, it has the last of them only. */
export function repeatsMember(text: string, value: Json): boolean {
  return colonsIn(text) !== membersOf(value)
}

/** Colons outside strings: one for each member. */
function colonsIn(text: string): number {
  let colons = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === colon) colons++
    else if (unit === quote) at = endOfString(text, at)
  }
  return colons
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a]

function endOfString(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && text.charCodeAt(end) !== quote) end += text.charCodeAt(end) === backslash ? 2 : 1
  return end
}

/** Without recursion: what somebody wrote to a table may be of any depth. */
function membersOf(value: Json): number {
  let members = 0
  const left: Json[] = [value]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const values = Object.values(next)
    if (!Array.isArray(next)) members += values.length
    for (const each of values) left.push(each)
  }
  return members
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

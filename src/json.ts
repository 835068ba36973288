import { randomUUID } from 'node:crypto'

/** A JSON value, as `JSON.parse` makes it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [member: string]: Json }

/**
 * `JSON.parse`, but for names of members that are written with an escape. V8 takes such a name for one that another
 * text had in this place, if that one has a backslash itself (nodejs/node#63785): whoever sends such names could have
 * others' read wrongly. So they are written without escapes first. Throws a SyntaxError, which may quote the text.
 */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text)
  if (!hasEscapedName(text)) return value
  const plain = withPlainNames(text)
  const again: Json = JSON.parse(plain)
  return plain.includes(mark) ? withNames(again) : again
}

/** What follows the string that begins at a quote. The text is JSON. */
export function endOfString(text: string, start: number): number {
  let end = start
  let backslashes: number
  do {
    end = text.indexOf('"', end + 1)
    backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++
  } while (backslashes % 2 === 1)
  return end + 1
}

const [quote, backslash, space, colon] = [0x22, 0x5c, 0x20, 0x3a]

/** In JSON a backslash stands in a string: that string's end is looked for, and what comes then. */
function hasEscapedName(text: string): boolean {
  for (let at = text.indexOf('\\'); at !== -1; ) {
    const end = endOfString(text, at)
    if (isName(text, end)) return true
    at = text.indexOf('\\', end)
  }
  return false
}

/** Whether the string that ended there is a name. */
function isName(text: string, end: number): boolean {
  let at = end
  while (text.charCodeAt(at) <= space) at++
  return text.charCodeAt(at) === colon
}

function withPlainNames(text: string): string {
  let plain = ''
  let copied = 0
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start)
    const literal = text.slice(start, end)
    if (literal.includes('\\') && isName(text, end)) {
      plain += text.slice(copied, start) + plainName(literal)
      copied = end
    }
    start = text.indexOf('"', end)
  }
  return plain + text.slice(copied)
}

/** Nobody outside this process can foresee it, so no name begins so. */
const mark = randomUUID()

/** The same name without an escape; as its code units under a mark, if it cannot be written without. */
function plainName(literal: string): string {
  const name: string = JSON.parse(literal)
  const written = JSON.stringify(name)
  return written.includes('\\') ? `"${mark}${Buffer.from(name, 'utf16le').toString('hex')}"` : written
}

const nameOf = (plain: string) =>
  plain.startsWith(mark) ? Buffer.from(plain.slice(mark.length), 'hex').toString('utf16le') : plain

/** Members of a name that was given twice became one already. */
const renamed = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [nameOf(name), value]))

/** With the names that stood under marks. Without recursion: the value may be of any depth. */
function withNames(value: Json): Json {
  const whole = [value]
  const left: (Json[] | JsonObject)[] = [whole]
  for (let around = left.pop(); around !== undefined; around = left.pop()) {
    for (const [at, inner] of Object.entries(around)) {
      if (typeof inner !== 'object' || inner === null) continue
      const named = Array.isArray(inner) ? inner : renamed(inner)
      Object.defineProperty(around, at, { value: named })
      left.push(named)
    }
  }
  return whole[0] ?? null
}

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
    else if (unit === quote) at = endOfString(text, at) - 1
  }
  return colons
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

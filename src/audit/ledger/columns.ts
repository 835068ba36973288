import { records } from '../entries/record.ts'
import type { Settled } from './store.ts'

const { decision, outcome } = records.usage_log

/** Names and types of the columns, in the order of `columnsOf`. */
export const columns = Object.entries({ ...decision, ...outcome }).map(([name, type]) => ({ name, type }))

/** The column that is never null: no facts are an empty object there. */
const absent = (name: string) => (name === 'meta' ? '{}' : '')

const membersOf = (part: object) => Object.keys(part).map(name => ({ start: `"${name}":`, absent: absent(name) }))
const [decisionMembers, outcomeMembers] = [membersOf(decision), membersOf(outcome)]

/**
 * The columns of some records, each as one text with a line a record, empty where there is nothing. Canonical JSON has
 * neither line feeds nor empty values, and what is a text by itself is a name that JSON does not escape (see
 * `record/`), so that the texts of the records are cut, and not parsed: that costs as much as to join them, and the
 * database a third.
 */
export function columnsOf(settled: readonly Settled[]): string[] {
  const cut: string[][] = columns.map(() => [])
  for (const { decision, outcome } of settled) {
    cutInto(cut, 0, decision, decisionMembers)
    cutInto(cut, decisionMembers.length, outcome, outcomeMembers)
  }
  return cut.map(lines => lines.join('\n'))
}

function cutInto(cut: string[][], first: number, text: string, members: typeof decisionMembers): void {
  let at = 1
  let column = first
  for (const { start, absent } of members) {
    const lines = cut[column++]
    if (!text.startsWith(start, at)) {
      lines?.push(absent)
      continue
    }
    const from = at + start.length
    const end = endOf(text, from)
    lines?.push(text.charCodeAt(from) === quote ? text.slice(from + 1, end - 1) : text.slice(from, end))
    at = end + 1
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [bracket, bracketEnd, brace, braceEnd] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Where the value ends that begins at an index. */
function endOf(text: string, from: number): number {
  let depth = 0
  let quoted = false
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) quoted = !quoted
    else if (quoted) at += code === backslash ? 1 : 0
    else if (code === brace || code === bracket) depth++
    else if (depth === 0 && (code === comma || code === braceEnd)) return at
    else if (code === braceEnd || code === bracketEnd) depth--
  }
  return text.length
}

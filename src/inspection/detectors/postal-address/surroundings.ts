import { isDigit } from '../detector.ts'
import { partWords } from './words.ts'

const space = 32
const comma = 44
const newline = 10

/** Marks of quoted lines and lists, and the white space around a line's end. */
const gap = String.raw`\.?(?: ?,? ?| {0,4},?\n[>?*| ]{0,6})`
const parts = [...partWords].join('|')

const followingPart = new RegExp(String.raw`${gap}(?:(?:${parts})\b\.? ?#? ?|# ?)\d{1,5}[a-z]?(?!\w)`, 'iy')
const precedingPart = new RegExp(String.raw`(?<!\w)(?:${parts})\b\.? ?#? ?\d{1,5}[a-z]?,? {1,2}$`, 'i')

/** Ends of units from `end` on, at most two of them. */
export const partsAfter = (text: string, end: number): { start: number; end: number }[] => {
  const found: { start: number; end: number }[] = []
  followingPart.lastIndex = end
  while (found.length < 2) {
    const match = followingPart.exec(text)
    if (match === null) break
    const start = match.index + match[0].search(/[a-z#]/i)
    found.push({ start, end: followingPart.lastIndex })
  }
  return found
}

/**
 * Whether a number, with a letter or without, ends before the space before `start`: asked first, as most words have
 * none.
 */
const hasNumberBefore = (text: string, start: number) => {
  if (text.charCodeAt(start - 1) !== space) return false
  let at = start - 2
  if (text.charCodeAt(at) === space) at--
  if (text.charCodeAt(at) === comma) at--
  return isDigit(text.charCodeAt(at)) || isDigit(text.charCodeAt(at - 1))
}

export const partBefore = (text: string, start: number) => {
  if (!hasNumberBefore(text, start)) return undefined
  const match = precedingPart.exec(text.slice(Math.max(0, start - 24), start))
  return match === null
    ? undefined
    : { start: start - match[0].length, end: start - match[0].length + match[0].trimEnd().replace(/,$/, '').length }
}

/** Words that say that what follows is an address. */
const naming = /\b(?:address|location|anschrift|adresse|dirección|indirizzo|endereço)\b[^.\n\0]{0,32}[:\s]{0,4}$/i
/** The same, before a preposition. */
const leading =
  /\b(?:(?:liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing)|located|staying|based|wohn(?:e|t|haft)) (?:at|in|on)|(?:sen[dt]|ship(?:ped)?|deliver(?:ed)?|mail(?:ed)?|post(?:ed)?|mov(?:ed?|ing)|home)\b[^.\n\0]{0,24} to)[:\s]{0,4}$/i
const preposition = /(?:at|in|on|to)[:\s]{0,4}$/i

const isIntroduced = (text: string, start: number) => {
  const before = text.slice(Math.max(0, start - 56), start)
  return naming.test(before) || (preposition.test(before.slice(-6)) && leading.test(before))
}

/** The name of a house or a part of a town may stand between the introduction and the number. */
const houseName = /(?<![\p{L}\p{M}])(?:\p{Lu}[\p{L}\p{M}'.-]{1,29} ){1,3}$/u

/** Where an address begins, from `floor` on, that words introduce and that has its number or its street at `start`. */
export const startOfIntroduced = (text: string, start: number, floor: number) => {
  if (isIntroduced(text, start)) return start
  if (start - 1 <= floor || text.charCodeAt(start - 1) !== space) return undefined
  const match = houseName.exec(text.slice(Math.max(floor, start - 64), start))
  const named = start - (match?.[0].length ?? 0)
  return named < start && isIntroduced(text, named) ? named : undefined
}

/** Words before which an address stands, or nothing before it on its line but the marks of a quotation. */
const opening = /(?:(?:^|[\n\0])[>?*| ]{0,6}|\b(?:at|to|on|in|of|from|is|and)\s|: ?|, )$/i
export const isOpened = (text: string, start: number) => opening.test(text.slice(Math.max(0, start - 12), start))

/** What may follow an address of one line: a town, a part of the building, the line's end. */
const closing = /(?: ?,? ?(?:\n|$|\0)|, ?\p{Lu})/uy
export const isClosed = (text: string, end: number) => {
  closing.lastIndex = end
  return closing.test(text)
}

/** Postcodes of most countries. Source: Universal Postal Union, postal addressing systems. */
const postcode = String.raw`(?:\d{5}-\d{4}|\d{3,6}|\d{4} [A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\w-])(?![.,]\d)`
/** Of two ways to read it, one needs the end of a line: a long run of them is read once. */
const separator = String.raw`(?:[ ,]{1,3}|,? {0,2}\n[>?*| ]{0,4}(?:\n[>?*| ]{0,4})?(?:, ?)?)`
const named = String.raw`(?:\p{Lu}[\p{L}\p{M}'.()-]{0,29}|of|the|and|de|di|la|del|am|an|der)`
const town = new RegExp(`(?:${separator}${named}){1,9}${separator}${postcode}`, 'uy')
const lowerTown = /(?:[ ,]{1,3}\p{Ll}[\p{L}\p{M}'.-]{1,29}){1,8}[ ,]{1,2}\d{4,6}(?!\w)/uy
const postcodeFirst = new RegExp(String.raw`${separator}${postcode} \p{Lu}[\p{L}\p{M}'.-]{1,29}`, 'uy')
const namesOfLine = /(?:,? \p{Lu}[\p{L}\p{M}'.-]{0,29}){1,5}(?=[^\p{L}\p{M}]|$)/uy
const namedLine = /,?\n[>?*| ]{0,4}\p{Lu}[\p{L}\p{M}'.-]{0,29}(?: \p{Lu}[\p{L}\p{M}'.-]{0,29}){0,4}(?=\n|[.?!]|$)/uy

const endOfMatch = (pattern: RegExp, text: string, from: number) => {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

/** Where the town, the state, the country and the postcode after a street end, or `from`. */
export const endOfTown = (text: string, from: number, isLower: boolean) => {
  if (isLower) return endOfMatch(lowerTown, text, from)
  const end = endOfMatch(town, text, from)
  return end > from ? end : endOfMatch(postcodeFirst, text, from)
}

/** Names after a part of a building: of its town, on the same line. */
export const endOfNames = (text: string, from: number) => endOfMatch(namesOfLine, text, from)

/** Lines that hold a name and nothing else: town and country below a street, at most two. */
export const endOfNamedLines = (text: string, from: number) =>
  endOfMatch(namedLine, text, endOfMatch(namedLine, text, from))

const stateLine = /,?\n[>?*| ]{0,4}\p{Lu}[\p{L}\p{M}'. -]{1,39}, [A-Z]{2},? \d{5}(?:-\d{4})?(?!\w)/uy
/** `Springfield, IL 62701` below a street. */
export const endOfStateLine = (text: string, from: number) =>
  text.charCodeAt(from) === comma || text.charCodeAt(from) === newline ? endOfMatch(stateLine, text, from) : from

const postcodeBelow = /(?:[^\S\n]{0,4}\n[>?*| ]{0,6}[\p{L}\p{M}'.,() -]{0,60}){1,4}?[ ](\d{4,6})(?=\n|$|\0)/uy
/** A postcode that ends one of the lines below a street. */
export const postcodeOfLines = (text: string, from: number) => {
  postcodeBelow.lastIndex = from
  const match = postcodeBelow.exec(text)
  const end = postcodeBelow.lastIndex
  return match === null ? undefined : { start: end - (match[1]?.length ?? 0), end }
}

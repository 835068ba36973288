import type { Speaker, UninspectableKind } from '../contracts/facts.ts'
import { isObject } from '../json.ts'
import { apiNames, callersNames, nameInOtherCase } from './api-names.ts'
import {
  carrierKinds,
  freeFormKeys,
  kindOfDataUrl,
  partKinds,
  payloadKeys,
  protocolKeys,
  storedById,
  toolUses,
  wrapperKinds,
} from './carriers.ts'
import type { Collector } from './content.ts'
import { meaningOf } from './secrets/names.ts'
import { speakerIn, speakerOfMember } from './speakers.ts'

type JsonObject = { readonly [key: string]: unknown }

/** Where a value stands. `kind` is what a part around it carries; in free form the member names mean nothing. */
type Place = { key: string; kind: UninspectableKind | undefined; freeForm: boolean; speaker: Speaker }

const identifier = /^[A-Za-z_$][\w$-]{0,63}$/
const figure = /\d/
const threeFigures = /\d{3}/
/** The shortest finding of any detector: an e-mail address of six characters, an IPv6 address of five. */
const shortestFinding = 5
/** A payload longer than this is not read as text where it is in base64: its part is reported as uninspectable. */
const longestUrl = 2048
/** Of seven digits, as a telephone number has. */
const shortestNumber = 1e6
const isEncoded = (text: string) => /^[\w+/=\r\n-]*$/.test(text)

/** True for names that may hold a finding: no word that a programmer would choose is so long, and few have figures. */
const isTelling = (key: string) => key.length > 32 || figure.test(key) || !identifier.test(key)

/** Characters of the longest value whose name says that it is secret. */
const longestSecret = 512

/** Names that say nothing of what is in them. */
const plainNames = new Set(['input', 'content', 'text', 'output', 'prompt'])

/**
 * A text with what its name says of it: `{"phone": "4155550132"}`, `{"password": "…"}`. Its name is looked into apart.
 */
const withName = (key: string, text: string): string | undefined => {
  if (!identifier.test(key) || key.length > 32 || plainNames.has(key)) return undefined
  const name = figure.test(key) ? key.replaceAll(/\d/g, '') : key
  if (text.length <= longestSecret && meaningOf(name) !== undefined) return `${name}: ${JSON.stringify(text)}`
  return text.length <= 24 && threeFigures.test(text) ? `${name}: ${text}` : undefined
}

const addString = (collector: Collector, text: string, { key, speaker }: Place) => {
  const counted = !protocolKeys.has(key)
  if (text.length < shortestFinding) {
    if (counted) collector.sizes.characters += text.length
    return
  }
  const named = withName(key, text)
  if (named !== undefined) {
    collector.addText(named, speaker, false)
    if (counted) collector.sizes.characters += text.length
    // Words of the protocol give no orders, whoever sends them.
  } else collector.addText(text, counted ? speaker : 'developer', counted)
}

/** What a string in this place carries unseen, if anything. */
const carriedBy = ({ key, kind, freeForm }: Place): UninspectableKind | undefined => {
  if (freeForm) return undefined
  if (kind !== undefined && payloadKeys.has(key)) return kind
  const carried = carrierKinds.get(key)
  return carried === 'file' ? (kind ?? carried) : carried
}

const visitString = (collector: Collector, text: string, place: Place) => {
  const carried = carriedBy(place)
  const embedded = kindOfDataUrl(text)
  if (carried === undefined) {
    if (embedded !== undefined) collector.addUninspectable(embedded, 1)
    addString(collector, text, place)
    return
  }
  collector.addUninspectable(carried === 'reference' ? carried : (embedded ?? carried), 1)
  // The address of an image can hold personal data itself, and so can prose under such a name; a payload is no text.
  if (embedded === undefined && (text.length <= longestUrl || !isEncoded(text)))
    collector.addText(text, place.speaker, false)
}

/** Kind of the content in an object: by its own `type`, or by the member that holds it. */
const kindOf = ({ type }: JsonObject, place: Place): UninspectableKind | undefined =>
  (typeof type === 'string' ? partKinds.get(type) : undefined) ?? wrapperKinds.get(place.key) ?? place.kind

/** An item of `input` that has an id and nothing else refers to a stored item; its `type` may be left out. */
const isReference = (object: JsonObject, { key }: Place) =>
  typeof object.id === 'string' &&
  (storedById.has(key) || (key === 'input' && (object.type ?? null) === null && object.role === undefined))

/** A tool's own arguments, and the texts among a prompt's variables: what is no text among them is a part. */
const isNamedByCaller = (object: JsonObject, key: string, place: Place) =>
  place.key === 'variables'
    ? typeof object[key] === 'string'
    : key === 'input' && place.key !== '' && toolUses.has(object.type)

const visitObject = (collector: Collector, object: JsonObject, place: Place) => {
  const kind = place.freeForm ? undefined : kindOf(object, place)
  if (!place.freeForm) {
    const ownKind = typeof object.type === 'string' ? partKinds.get(object.type) : undefined
    if (ownKind !== undefined) collector.addUninspectable(ownKind)
    if (isReference(object, place)) collector.addUninspectable('reference')
  }
  const around = speakerIn(object, place.speaker)
  for (const key in object) {
    if (!apiNames.has(key)) {
      if (isTelling(key)) collector.addText(key, around, false)
      if (!place.freeForm && !callersNames.has(place.key)) collector.nameInOtherCase ??= nameInOtherCase(key)
    }
    const speaker = place.key === '' ? speakerOfMember(key) : around
    const freeForm = place.freeForm || freeFormKeys.has(key) || isNamedByCaller(object, key, place)
    visit(collector, object[key], { key, kind, freeForm, speaker })
    if (place.key === '' && Array.isArray(object[key])) collector.endList()
  }
}

/** Of a list, the text that the model reads after the one before: of a part with `text`, or a string in `content`. */
const partText = (item: unknown, { key }: Place): string | undefined => {
  if (typeof item === 'string') return key === 'content' ? item : undefined
  return isObject(item) && typeof item.text === 'string' ? item.text : undefined
}

/** Lists of millions of numbers are tokens: those that can be nothing else cost next to nothing. */
const isSmallNumber = (value: unknown) => typeof value === 'number' && Math.abs(value) < shortestNumber

const visitList = (collector: Collector, items: readonly unknown[], place: Place) => {
  const texts: string[] = []
  for (const item of items) {
    if (isSmallNumber(item)) continue
    visit(collector, item, place)
    collector.endItem()
    const text = partText(item, place)
    if (text !== undefined) texts.push(text)
  }
  collector.addGroup(texts)
}

const visit = (collector: Collector, value: unknown, place: Place): void => {
  if (typeof value === 'string') visitString(collector, value, place)
  else if (Array.isArray(value)) visitList(collector, value, place)
  else if (isObject(value)) visitObject(collector, value, place)
  else if (typeof value === 'number' && !isSmallNumber(value)) addNumber(collector, Math.trunc(Math.abs(value)), place)
}

/** A telephone or card number that was sent as a number. Larger ones arrive as raw JSON, an object with a string. */
const addNumber = (collector: Collector, value: number, { key, speaker }: Place) =>
  collector.addText(withName(key, String(value)) ?? String(value), speaker, false)

const isTokens = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.some(item => typeof item === 'number' || (Array.isArray(item) && item.some(Number.isInteger)))

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const countMessages = ({ messages, input, prompt }: JsonObject) => {
  if (Array.isArray(messages)) return messages.length
  const given = input ?? prompt
  if (typeof given === 'string') return 1
  if (!Array.isArray(given)) return 0
  return typeof given[0] === 'number' ? 1 : given.length
}

/**
 * Gathers the texts of a JSON body of any operation: every string in it, member names that are no plain words, and
 * long integers. The body is as parsed; its depth must be bounded by the parser. Never throws.
 */
export const gatherJson = (collector: Collector, body: unknown): void => {
  if (isObject(body)) {
    collector.sizes.messages += countMessages(body)
    collector.addTools([...listIn(body.tools), ...listIn(body.functions)])
    if (isTokens(body.input) || isTokens(body.prompt)) collector.addUninspectable('tokens')
  }
  visit(collector, body, { key: '', kind: undefined, freeForm: false, speaker: 'user' })
}

import { isDeepStrictEqual } from 'node:util'
import { Document, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { policyKeys } from '../../contracts/decision.ts'
import { effectiveDocuments, policyDocuments } from '../documents.ts'
import { isNamedList, isPlain, type Named, nameOf, withoutDefaults } from './named.ts'
import { type Layer, type Layers, type PoliciesFile, readPolicies } from './policies.ts'

/** Lists of words up to this many characters stay on one line. */
const shortList = 90
const foldedParts: ReadonlySet<string> = new Set(['effect', 'rollout'])
const style = { lineWidth: 0, singleQuote: true, flowCollectionPadding: false } as const

/**
 * The text of a file that says what holds: documents of everyone that differ from what came with the product, and what
 * differs for each customer. The same layers always give the same text. With a file that is there already, what it says
 * rightly stays as it stands, comments included; one that says it all comes back byte for byte.
 */
export function writePolicies(layers: Layers, existing?: string): string {
  if (existing === undefined) {
    const fresh = new Document(wholeOf(layers))
    foldShortParts(fresh.contents)
    return fresh.toString(style)
  }
  const { file } = readPolicies(existing)
  const said = { everyone: file.everyone ?? {}, customers: file.customers ?? {} }
  if (saysTheSame(said, layers)) return existing

  const document = parseDocument(existing)
  const kept = keepRightDocuments(said, wholeOf(layers))
  document.contents = merged(document.contents as Node | null, kept) as typeof document.contents
  return document.toString(style)
}

/** What the store is given of a file: for everyone whole documents, for a customer what differs. */
export function storedForm({ everyone, customers }: PoliciesFile, email: string | null): Layer {
  return email === null ? effectiveDocuments(everyone ?? {}) : (withoutEmpty(customers ?? {})[email] ?? {})
}

/** Whether applying one changes nothing where the other is in force. */
export function saysTheSame(one: Layers, other: Layers): boolean {
  return (
    isDeepStrictEqual(effectiveDocuments(one.everyone), effectiveDocuments(other.everyone)) &&
    isDeepStrictEqual(withoutEmpty(one.customers), withoutEmpty(other.customers))
  )
}

/** What a new file holds, in the order of the documents and their fields. */
function wholeOf({ everyone, customers }: Layers): Layers {
  const effective = effectiveDocuments(everyone)
  const changed = policyKeys.filter(key => !isDeepStrictEqual(effective[key], policyDocuments[key].defaultValue))
  const own = Object.entries(withoutEmpty(customers)).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    everyone: Object.fromEntries(changed.map(key => [key, ordered(key, effective[key])])),
    customers: Object.fromEntries(own.map(([email, layer]) => [email, orderedLayer(layer)])),
  }
}

function orderedLayer(layer: Layer): Layer {
  return Object.fromEntries(
    policyKeys.flatMap(key => (layer[key] === undefined ? [] : [[key, ordered(key, layer[key])]])),
  )
}

function ordered(key: (typeof policyKeys)[number], fields: object): object {
  const declared = Object.keys(policyDocuments[key].defaultValue)
  const given = new Map(Object.entries(fields))
  return Object.fromEntries(
    declared.filter(field => given.has(field)).map(field => [field, withoutDefaults(given.get(field))]),
  )
}

/** Customers for whom anything is set, with the documents in which anything is. */
function withoutEmpty(customers: Layers['customers']): Layers['customers'] {
  const set = Object.entries(customers).map(([email, layer]) => {
    const documents = Object.entries(layer).filter(([, fields]) => Object.keys(fields).length > 0)
    return [email, Object.fromEntries(documents)] as const
  })
  return Object.fromEntries(set.filter(([, layer]) => Object.keys(layer).length > 0))
}

/**
 * A document of everyone that a file gives in part, or that says what is the default, is right if it comes to the same.
 */
function keepRightDocuments(said: Layers, whole: Layers): Layers {
  const [from, to] = [effectiveDocuments(said.everyone), effectiveDocuments(whole.everyone)]
  const everyone = { ...whole.everyone }
  for (const key of policyKeys) {
    const stands = said.everyone[key]
    if (stands !== undefined && isDeepStrictEqual(from[key], to[key])) everyone[key] = withoutDefaults(stands) as object
  }
  return { ...whole, everyone }
}

/** The node with what it takes to hold the value: parts that hold theirs stay as they are. */
function merged(node: Node | null | undefined, value: unknown): Node {
  if (node !== null && node !== undefined && isDeepStrictEqual(withoutDefaults(node.toJS(new Document())), value))
    return node
  if (isMap(node) && isPlain(value)) return mergedMap(node, value)
  if (isSeq(node) && isNamedList(value)) return mergedList(node, value)
  return created(value)
}

function mergedMap(map: YAMLMap, value: Record<string, unknown>): Node {
  const known = ['$schema', ...Object.keys(value)]
  map.items = map.items.filter(({ key }) => isScalar(key) && known.includes(String(key.value)))
  for (const [key, part] of Object.entries(value)) map.set(key, merged(map.get(key, true) as Node | undefined, part))
  return map
}

/** Rules and detectors are the same ones while their name is. */
function mergedList(list: YAMLSeq, value: Named[]): Node {
  const there = new Map(list.items.map(item => [nameOf((item as Node).toJS(new Document())), item as Node]))
  list.items = value.map(item => merged(there.get(nameOf(item)), item))
  return list
}

function created(value: unknown): Node {
  const node = new Document(value).contents as Node
  foldShortParts(node)
  return node
}

/** Short lists of words, and short parts of rules (`effect: {score: 50}`), stay on one line. */
function foldShortParts(node: unknown, isFolded = false): void {
  if (isMap(node)) {
    if (isFolded && node.items.every(({ value }) => isScalar(value))) node.flow = true
    for (const { key, value } of node.items) foldShortParts(value, isScalar(key) && foldedParts.has(String(key.value)))
  }
  if (!isSeq(node)) return
  if (node.items.every(isScalar) && JSON.stringify(node.toJSON()).length <= shortList) node.flow = true
  else for (const item of node.items) foldShortParts(item)
}

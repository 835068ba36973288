import type { ASTNode } from '@marcbachmann/cel-js'
import { namedBy } from '../../cel/names.ts'
import type { Path, Word } from '../../vocabulary.ts'

export type Literal = string | number | boolean

/** A fact that a condition reads, and what it compares it with. */
export type Compared = { path: Path; key: string | null; word: Word; literals: Set<Literal> }

/**
 * What a condition compares. It is plain if it is built from comparisons of a fact with literals: whether one holds is
 * then decided by where the fact lies between its literals, and nothing else.
 */
export type Comparisons = { facts: Map<string, Compared>; isPlain: boolean }

type Context = Comparisons & { variable: string | null }

export function comparisonsOf(ast: ASTNode): Comparisons {
  const context: Context = { facts: new Map(), isPlain: true, variable: null }
  visit(ast, context)
  return context
}

/** Comparisons of several conditions together. */
export function together(parts: readonly Comparisons[]): Comparisons {
  const facts = new Map<string, Compared>()
  for (const part of parts)
    for (const [name, { literals, ...fact }] of part.facts)
      facts.set(name, { ...fact, literals: new Set([...(facts.get(name)?.literals ?? []), ...literals]) })
  return { facts, isPlain: parts.every(({ isPlain }) => isPlain) }
}

const junctions: ReadonlySet<string> = new Set(['&&', '||', '!_', '?:'])
const orderings: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])
const equalities: ReadonlySet<string> = new Set(['==', '!='])

function visit(node: ASTNode, context: Context): void {
  const parts = partsOf(node)
  if (junctions.has(node.op) || node.op === 'value') {
    for (const part of parts) visit(part, context)
    return
  }
  const fact = factOf(node, context)
  // A list or map as a whole, or a figure in a sum, is compared with what we can't see here.
  if (fact !== null) context.isPlain &&= fact.word.type === 'bool'
  else if (!isComparison(node, parts, context)) visitOther(node, parts, context)
}

/** A sum, a function or a macro. What it looks for is worth a try as a part of the fact that it is called on. */
function visitOther(node: ASTNode, parts: readonly ASTNode[], context: Context): void {
  context.isPlain = false
  const outer = context.variable
  const [receiver, variable] = parts
  if (node.op === 'rcall' && receiver !== undefined) {
    const fact = factOf(receiver, context)
    for (const literal of parts.slice(1).flatMap(allLiterals)) fact?.literals.add(literal)
    if (variable?.op === 'id' && parts.length > 2) context.variable = variable.args
  }
  for (const part of parts) visit(part, context)
  context.variable = outer
}

/** A fact on one side and literals on the other: noted, and true. */
function isComparison(node: ASTNode, parts: readonly ASTNode[], context: Context): boolean {
  const startsWith = node.op === 'rcall' && node.args[0] === 'startsWith'
  if (!orderings.has(node.op) && !equalities.has(node.op) && node.op !== 'in' && !startsWith) return false
  const [left, right] = parts
  if (left === undefined || right === undefined) return false
  const ways = [[left, right] as const, ...(startsWith ? [] : [[right, left] as const])]
  for (const [side, other] of ways) {
    const literals = literalsOf(other)
    const fact = literals === null ? null : factOf(side, context)
    if (fact === null || literals === null) continue
    for (const literal of literals) fact.literals.add(literal)
    context.isPlain &&= isToldApart(node.op, fact)
    return true
  }
  return false
}

/** Whether a fact's place between its literals says all: not of texts in order, nor of lists and maps as a whole. */
function isToldApart(op: ASTNode['op'], { path, key, word: { type } }: Compared): boolean {
  if (key === null && type.startsWith('map')) return false
  if (type.startsWith('list')) return op === 'in'
  return !orderings.has(op) || type !== 'string' || path === 'time.date'
}

function factOf(node: ASTNode, context: Context): Compared | null {
  const named = namedBy(node, context.variable)
  if (named === null) return null
  const name = named.key === null ? named.path : `${named.path}[${named.key}]`
  const fact = context.facts.get(name) ?? { ...named, literals: new Set<Literal>() }
  context.facts.set(name, fact)
  return fact
}

/** A literal, or a list of them; null for anything else. */
function literalsOf(node: ASTNode): Literal[] | null {
  if (node.op === 'value') return isLiteral(node.args) ? [plain(node.args)] : null
  if (node.op === '-_') return literalsOf(node.args)?.map(value => -Number(value)) ?? null
  if (node.op !== 'list') return null
  const parts = node.args.map(literalsOf)
  return parts.some(part => part === null) ? null : parts.flatMap(part => part ?? [])
}

function allLiterals(node: ASTNode): Literal[] {
  return literalsOf(node) ?? partsOf(node).flatMap(allLiterals)
}

const isLiteral = (value: unknown): value is Literal | bigint =>
  ['string', 'number', 'boolean', 'bigint'].includes(typeof value)

const plain = (value: Literal | bigint): Literal => (typeof value === 'bigint' ? Number(value) : value)

/** A node's operands. */
function partsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]]
  const given: unknown = node.op === 'call' ? node.args[1] : node.args
  return (Array.isArray(given) ? given : [given]).flat().filter(isNode)
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

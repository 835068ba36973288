import type { ASTNode } from '@marcbachmann/cel-js'
import { isPath, type Path, paths, vocabulary, type Word } from '../vocabulary.ts'
import { ExpressionError, suggestion } from './fault.ts'

/** A fact that an expression names: the whole of it, or with a key one entry of a map. */
export type Named = { path: Path; word: Word; key: string | null }

/** `a.b['c']` as its names; null for anything else. */
function chainOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args]
  if (node.op === '.') return chainOf(node.args[0])?.concat(node.args[1]) ?? null
  if (node.op !== '[]' || node.args[1].op !== 'value' || typeof node.args[1].args !== 'string') return null
  return chainOf(node.args[0])?.concat(node.args[1].args) ?? null
}

/**
 * The fact that a node names; null if it names none and may still be something else. Throws if there is no such fact.
 */
export function namedBy(node: ASTNode, variable: string | null): Named | null {
  const chain = chainOf(node)
  const [root] = chain ?? []
  if (chain === null || root === undefined || root === variable) return null
  for (let length = Math.min(2, chain.length); length > 0; length--) {
    const path = chain.slice(0, length).join('.')
    if (!isPath(path)) continue
    const word: Word = vocabulary[path]
    const [key = null, ...rest] = chain.slice(length)
    if (key === null) return { path, word, key }
    if (rest.length > 0 || !word.type.startsWith('map')) break
    if (word.keys === undefined || word.keys.includes(key)) return { path, word, key }
    throw fault(node, `${path} has no key "${key}"${suggestion(key, word.keys)}`)
  }
  throw unknownFact(node, chain)
}

function unknownFact(node: ASTNode, chain: string[]): ExpressionError {
  const name = chain.join('.')
  const members = paths.filter(path => path.startsWith(`${name}.`))
  if (members.length > 0) return fault(node, `${name} is not a fact by itself; name one of ${members.join(', ')}`)
  return fault(node, `unknown fact ${name}${suggestion(name, paths)}`)
}

export function fault(node: ASTNode, problem: string): ExpressionError {
  return new ExpressionError(problem, node.input, node.start)
}

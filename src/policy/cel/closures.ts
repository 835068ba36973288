import type { ASTNode } from '@marcbachmann/cel-js'
import type { Word, WordValue } from '../vocabulary.ts'
import { suggestion } from './fault.ts'
import { functions, matcherOfPattern } from './functions.ts'
import { macros } from './macros.ts'
import { fault, type Named, namedBy } from './names.ts'
import { negated, operators } from './operators.ts'
import { as, type Run, type Scope, type Term, type Type } from './term.ts'

/** Of an expression: the facts that it was found to read, and how large its patterns are, as RE2's programs. */
export type Found = { reads: Set<string>; patterns: number }

/** Around a node: what the expression was found to have, and the variable of the macro that the node stands in. */
type Context = { found: Found; variable: Variable | null }

type Variable = { name: string; type: Type }

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>
type Compilers = { [Op in ASTNode['op']]?: (node: Node<Op>, context: Context) => Term }

/**
 * Compiles an expression to closures, by an allow-list: what is not in these tables cannot be judged, so it can neither
 * hang nor reach anything. The library's own evaluator copies the facts into maps and counts with BigInt, and takes
 * some 600 ns a rule; closures over the facts as they are take some 100. Tests hold both to the same results.
 */
export function compileTree(root: ASTNode, found: Found): Term {
  return compileNode(root, { found, variable: null })
}

function compileNode(node: ASTNode, context: Context): Term {
  // The table is keyed by the node's own kind, which TypeScript cannot follow.
  const compile = compilers[node.op] as ((node: ASTNode, context: Context) => Term) | undefined
  if (compile === undefined) throw fault(node, `rules cannot use ${node.op}`)
  return compile(node, context)
}

const binary = Object.fromEntries(
  Object.entries(operators).map(([op, compile]) => [
    op,
    (node: Node<'=='>, context: Context) => {
      const [left, right] = node.args.map(side => compileNode(side, context)) as [Term, Term]
      if (!isCompared(op, left)) throw fault(node, `a ${left.type} cannot stand beside ${op}; ask for its elements`)
      return compile(left, right)
    },
  ]),
)

/** Lists are compared as a whole, and maps are not; neither are added up. */
function isCompared(op: string, { type }: Term): boolean {
  return type === 'list' ? op === '==' || op === '!=' : type !== 'map'
}

const compilers: Compilers = {
  ...binary,
  value: literal,
  id: access,
  '.': access,
  '[]': access,
  list: listLiteral,
  '&&': ({ args }, context) => junction(args, context, false),
  '||': ({ args }, context) => junction(args, context, true),
  '?:': choice,
  '!_': ({ args }, context) => {
    const run = as<boolean>(compileNode(args, context))
    return { type: 'bool', run: scope => !run(scope) }
  },
  '-_': ({ args }, context) => negated(compileNode(args, context)),
  call: (node, context) => (node.args[0] === 'has' ? presence(node, context) : apply(node, node.args[1], context)),
  rcall: method,
}

/** Instructions of RE2's programs: a word takes one for each letter, `a{1,100}` two hundred. */
const largestPatterns = 500

const literalTypes: Partial<Record<string, Type>> = {
  bigint: 'int',
  number: 'double',
  string: 'string',
  boolean: 'bool',
}

function literal(node: Node<'value'>): Term {
  const { args: value } = node
  const type = literalTypes[typeof value]
  if (type === undefined) throw fault(node, 'rules know texts, numbers, true and false')
  if (typeof value !== 'bigint') return { type, run: () => value }
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw fault(node, 'the number is too large')
  return { type, run: () => number }
}

function listLiteral(node: Node<'list'>, context: Context): Term {
  const terms = node.args.map(item => compileNode(item, context))
  const [first] = terms
  if (first?.type === 'list' || first?.type === 'map')
    throw fault(node, 'a list holds texts, numbers, or true and false')
  const of = first === undefined ? {} : { of: first.type }
  const items = terms.map(({ run }) => run)
  if (!node.args.every(({ op }) => op === 'value'))
    return { type: 'list', ...of, run: scope => items.map(item => item(scope)) }
  const elements = items.map(item => item({} as Scope))
  return { type: 'list', ...of, elements, run: () => elements }
}

function access(node: Node<'id' | '.' | '[]'>, context: Context): Term {
  const { variable } = context
  const named = namedBy(node, variable?.name ?? null)
  if (named !== null) return factOf(named, context)
  if (node.op === 'id') return { type: variable?.type ?? 'string', run: scope => scope.item }
  const [left, index] = node.args
  const whole = compileNode(left, context)
  if (typeof index === 'string') throw fault(node, `there is no ${index} in this`)
  const [of, at] = [as<never>(whole), as<never>(compileNode(index, context))]
  return whole.type === 'map' ? entryOf(whole, of, at) : elementOf(whole, of, at)
}

function factOf({ path, word, key }: Named, { found }: Context): Term {
  found.reads.add(path)
  const { from } = word
  const run = ({ facts, approves }: Scope): WordValue => from(facts, approves)
  const [type = 'string'] = word.type.split('<') as Type[]
  if (type !== 'map') return { type, of: 'string', run }
  const map: Term = { type, run, absent: absentIn(word) }
  return key === null ? map : entryOf(map, as(map), () => key)
}

/** What a map gives for a key that it has not: counts are 0, and words empty, so that rules need not ask first. */
function absentIn({ type }: Word): string | number {
  return type === 'map<string, int>' ? 0 : ''
}

function entryOf({ absent = '' }: Term, of: Run<Record<string, unknown>>, at: Run<string>): Term {
  if (typeof absent === 'number') {
    return {
      type: 'int',
      run(scope) {
        const [map, key] = [of(scope), at(scope)]
        return Object.hasOwn(map, key) ? map[key] : absent
      },
    }
  }
  return {
    type: 'string',
    run(scope) {
      const [map, key] = [of(scope), at(scope)]
      return Object.hasOwn(map, key) ? String(map[key]) : absent
    },
  }
}

function elementOf({ of: type = 'string' }: Term, of: Run<readonly unknown[]>, at: Run<number>): Term {
  return {
    type,
    run(scope) {
      const element = of(scope)[at(scope)]
      if (element === undefined) throw new Error('An index is out of bounds')
      return element
    },
  }
}

/** `&&` and `||`: an error on one side is forgotten if the other settles the matter, as CEL has it. */
function junction([left, right]: readonly [ASTNode, ASTNode], context: Context, settling: boolean): Term {
  const [first, second] = [as<boolean>(compileNode(left, context)), as<boolean>(compileNode(right, context))]
  return {
    type: 'bool',
    run(scope) {
      let failure: unknown
      try {
        if (first(scope) === settling) return settling
      } catch (error) {
        failure = error
      }
      if (second(scope) === settling) return settling
      if (failure !== undefined) throw failure
      return !settling
    },
  }
}

function choice({ args: [asked, one, other] }: Node<'?:'>, context: Context): Term {
  const condition = as<boolean>(compileNode(asked, context))
  const [then, otherwise] = [compileNode(one, context), compileNode(other, context)]
  // Both are of one type, unless one is an empty list. Their elements, if they are known, are not the same.
  const { elements: _, ...either } = { ...otherwise, ...then }
  return { ...either, run: scope => (condition(scope) ? then : otherwise).run(scope) }
}

/** `has(declared.intent)`: whether a map has a key. */
function presence(node: Node<'call'>, context: Context): Term {
  const [asked] = node.args[1]
  const named = asked === undefined ? null : namedBy(asked, context.variable?.name ?? null)
  if (named === null || named.key === null) throw fault(node, 'has() asks for a key of a map, as has(declared.intent)')
  const { key } = named
  const map = as<object>(factOf({ ...named, key: null }, context))
  return { type: 'bool', run: scope => Object.hasOwn(map(scope), key) }
}

function method(node: Node<'rcall'>, context: Context): Term {
  const [name, receiver, given] = node.args
  const macro = Object.hasOwn(macros, name) ? macros[name] : undefined
  if (macro !== undefined && given.length === 2) return applyMacro(node, macro, context)
  if (name === 'matches') return applyPattern(node, context)
  return apply(node, [receiver, ...given], context)
}

function apply(node: Node<'call' | 'rcall'>, given: readonly ASTNode[], context: Context): Term {
  const [name] = node.args
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (known === undefined) {
    const names = [...Object.keys(functions), ...Object.keys(macros), 'matches', 'has']
    throw fault(node, `rules cannot use ${name}()${suggestion(name, names)}`)
  }
  const [first, second = first] = given.map(argument => compileNode(argument, context))
  if (first === undefined || second === undefined || given.length !== known.terms)
    throw fault(node, `${name}() is given the wrong number of arguments`)
  return known.compile(first, second)
}

function applyMacro(node: Node<'rcall'>, macro: (typeof macros)[string], context: Context): Term {
  const [name, receiver, [variable, condition]] = node.args
  if (context.variable !== null) throw fault(node, `${name}() cannot stand within another of its kind`)
  if (variable?.op !== 'id' || condition === undefined) throw fault(node, `${name}() needs a variable and a condition`)
  const of = compileNode(receiver, context)
  const element: Variable = { name: variable.args, type: of.type === 'map' ? 'string' : (of.of ?? 'string') }
  return { type: 'bool', run: macro(of, as(compileNode(condition, { ...context, variable: element }))) }
}

/** Patterns are compiled here, once: one that a caller could have a part in is refused. */
function applyPattern(node: Node<'rcall'>, context: Context): Term {
  const [, receiver, [pattern]] = node.args
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    throw fault(node, 'matches() needs a pattern that is written out')
  const text = as<string>(compileNode(receiver, context))
  const { matches, size } = patternOf(pattern.args, pattern)
  context.found.patterns += size
  if (context.found.patterns > largestPatterns)
    throw fault(pattern, 'the patterns of a condition are too large; repeat and list less in them')
  return { type: 'bool', run: scope => matches(text(scope)) }
}

function patternOf(pattern: string, node: ASTNode): ReturnType<typeof matcherOfPattern> {
  try {
    return matcherOfPattern(pattern)
  } catch {
    throw fault(node, 'the pattern must be a regular expression of RE2, of at most 200 characters')
  }
}

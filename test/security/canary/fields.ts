// Every place in the API's own shapes where a caller's text can stand, and the smallest body that has a text there.
import type { TSSignature, TSTypeName } from 'oxc-parser'
import { type Declaration, meaningOf, type Space, type TypeHere } from './sdk-types.ts'

/** A body, or a form, in which a file can stand. */
export type Json = string | number | boolean | null | File | Json[] | { [name: string]: Json }

/** `path` as in `messages[].content[].text`; `{}` stands for a name that is the caller's own. */
export type Field = { path: string; body: (text: string) => Json }

/** Levels of named types within one another, and how often one type may hold itself. */
const deepest = 9
const mostOfOneType = 1

type Trail = readonly Declaration['node'][]

/** The places within a type, each once. */
export function* fieldsOf({ type, space }: TypeHere, trail: Trail = []): Generator<Field> {
  switch (type.type) {
    case 'TSStringKeyword':
    case 'TSUnknownKeyword':
    case 'TSAnyKeyword':
      yield { path: '', body: text => text }
      break
    case 'TSLiteralType':
      if (type.literal.type === 'Literal' && typeof type.literal.value === 'string')
        yield { path: '', body: text => text }
      break
    case 'TSArrayType':
      yield* inList({ type: type.elementType, space }, trail)
      break
    case 'TSParenthesizedType':
      yield* fieldsOf({ type: type.typeAnnotation, space }, trail)
      break
    case 'TSUnionType':
    case 'TSIntersectionType':
      yield* onceByPath(type.types.values().flatMap(one => fieldsOf({ type: one, space }, trail)))
      break
    case 'TSTypeLiteral':
      yield* inMembers(type.members, space, trail)
      break
    case 'TSTypeReference': {
      const [first] = type.typeArguments?.params ?? []
      if (isFile(type.typeName)) yield* inFile
      else if (type.typeName.type === 'Identifier' && type.typeName.name === 'Array' && first !== undefined) {
        yield* inList({ type: first, space }, trail)
      } else yield* onceByPath(inDeclarations(meaningOf(type.typeName, space)?.declarations ?? [], trail))
    }
  }
}

const isFile = (name: TSTypeName) => name.type === 'Identifier' && name.name === 'Uploadable'
const fileOf = ({ bytes = 'x', name = 'x.wav', type = 'audio/wav' }) => new File([bytes], name, { type })
const inFile: readonly Field[] = [
  { path: '(bytes)', body: bytes => fileOf({ bytes }) },
  { path: '(name)', body: name => fileOf({ name }) },
  { path: '(type)', body: type => fileOf({ type }) },
]

/** A field is another one where other things stand beside it: a tool's name is tried in each kind of tool. */
function* onceByPath(fields: Iterable<Field>): Generator<Field> {
  const seen = new Set<string>()
  for (const field of fields) {
    const key = `${field.path} ${JSON.stringify(field.body(''))}`
    if (seen.has(key)) continue
    seen.add(key)
    yield field
  }
}

function* inList(item: TypeHere, trail: Trail): Generator<Field> {
  for (const { path, body } of fieldsOf(item, trail)) yield { path: `[]${path}`, body: text => [body(text)] }
}

function* inDeclarations(declarations: readonly Declaration[], trail: Trail): Generator<Field> {
  for (const { node, space } of declarations) {
    if (trail.length === deepest || trail.filter(one => one === node).length > mostOfOneType) continue
    const inner = [...trail, node]
    if (node.type === 'TSTypeAliasDeclaration') yield* fieldsOf({ type: node.typeAnnotation, space }, inner)
    else if (node.type === 'TSInterfaceDeclaration') {
      for (const base of basesOf({ node, space })) yield* inDeclarations([base], trail)
      yield* inMembers(node.body.body, space, inner, neededBy({ node, space }))
    }
  }
}

function* inMembers(
  members: readonly TSSignature[],
  space: Space,
  trail: Trail,
  needed: Record<string, Json> = sampleOf(members, space, trail.length),
): Generator<Field> {
  for (const member of members) {
    const type = member.type === 'TSPropertySignature' || member.type === 'TSIndexSignature' ? member : null
    if (type === null || type.typeAnnotation == null) continue
    const value = { type: type.typeAnnotation.typeAnnotation, space }
    if (type.type === 'TSIndexSignature') {
      yield { path: '.{}', body: text => ({ ...needed, [text]: sample(value, trail.length) }) }
      for (const { path, body } of fieldsOf(value, trail)) {
        yield { path: `.{}${path}`, body: text => ({ ...needed, key: body(text) }) }
      }
      continue
    }
    const name = nameOf(type)
    if (name === null) continue
    for (const { path, body } of fieldsOf(value, trail)) {
      yield { path: `.${name}${path}`, body: text => ({ ...needed, [name]: body(text) }) }
    }
  }
}

function nameOf(member: TSSignature): string | null {
  if (member.type !== 'TSPropertySignature') return null
  if (member.key.type === 'Identifier') return member.key.name
  return member.key.type === 'Literal' ? String(member.key.value) : null
}

function basesOf({ node, space }: Declaration): Declaration[] {
  if (node.type !== 'TSInterfaceDeclaration') return []
  return node.extends.flatMap(({ expression }) =>
    expression.type === 'Identifier'
      ? (meaningOf({ ...expression, type: 'Identifier' }, space)?.declarations ?? [])
      : expression.type === 'MemberExpression' && expression.object.type === 'Identifier'
        ? (qualified(expression.object.name, expression.property, space)?.declarations ?? [])
        : [],
  )
}

function qualified(left: string, right: { type: string; name?: unknown }, space: Space) {
  const name = (text: string) => ({ type: 'Identifier', name: text, start: 0, end: 0 }) as const
  return meaningOf(
    { type: 'TSQualifiedName', left: name(left), right: name(String(right.name)), start: 0, end: 0 },
    space,
  )
}

/** The members that a body cannot go without, its bases' included. */
function neededBy(declaration: Declaration, depth = 0): Record<string, Json> {
  const { node, space } = declaration
  if (node.type !== 'TSInterfaceDeclaration') return {}
  const inherited = basesOf(declaration).map(base => neededBy(base, depth))
  return Object.assign({}, ...inherited, sampleOf(node.body.body, space, depth))
}

function sampleOf(members: readonly TSSignature[], space: Space, depth: number): Record<string, Json> {
  return Object.fromEntries(
    members.flatMap(member => {
      const name = nameOf(member)
      if (name === null || member.type !== 'TSPropertySignature' || member.optional) return []
      const type = member.typeAnnotation?.typeAnnotation
      return type === undefined ? [] : [[name, sample({ type, space }, depth)]]
    }),
  )
}

/** A small value of a type: its first variant. */
function sample({ type, space }: TypeHere, depth: number): Json {
  switch (type.type) {
    case 'TSLiteralType': {
      const value = type.literal.type === 'Literal' ? type.literal.value : null
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
    }
    case 'TSStringKeyword':
      return 'x'
    case 'TSNumberKeyword':
      return 1
    case 'TSBooleanKeyword':
      return false
    case 'TSArrayType':
      return []
    case 'TSParenthesizedType':
      return sample({ type: type.typeAnnotation, space }, depth)
    case 'TSUnionType':
    case 'TSIntersectionType': {
      const [first] = type.types
      return first === undefined ? null : sample({ type: first, space }, depth)
    }
    case 'TSTypeLiteral':
      return sampleOf(type.members, space, depth + 1)
    case 'TSTypeReference': {
      if (isFile(type.typeName)) return fileOf({})
      if (type.typeName.type === 'Identifier' && type.typeName.name === 'Array') return []
      const declaration = depth < deepest ? meaningOf(type.typeName, space)?.declarations[0] : undefined
      if (declaration?.node.type === 'TSTypeAliasDeclaration')
        return sample({ type: declaration.node.typeAnnotation, space: declaration.space }, depth + 1)
      return declaration === undefined ? null : neededBy(declaration, depth + 1)
    }
    default:
      return null
  }
}

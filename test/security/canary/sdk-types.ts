// Reads the type declarations of OpenAI's SDK, which follow the API's own description, and finds what their names mean.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type Class,
  type ModuleExportName,
  parseSync,
  type Statement,
  type TSInterfaceDeclaration,
  type TSModuleDeclaration,
  type TSType,
  type TSTypeAliasDeclaration,
  type TSTypeName,
} from 'oxc-parser'

export type Declaration = { node: TSInterfaceDeclaration | TSTypeAliasDeclaration | Class; space: Space }

/** What a name means: types, and a space with names of its own. Interfaces and namespaces of one name are merged. */
type Entity = { declarations: Declaration[]; space: Space | null }

/** A file or a namespace. `elsewhere`: names that are another's; `stars`: files all of whose names are had too. */
export type Space = {
  file: string
  outer: Space | null
  own: Map<string, Entity>
  elsewhere: Map<string, { file: string | null; name: string }>
  stars: string[]
}

const root = dirname(createRequire(import.meta.url).resolve('openai'))
const files = new Map<string, Space | null>()

/** A file of the SDK by its path in the package. */
export function sdkFile(path: string): Space {
  const space = spaceOf(join(root, path))
  if (space === null) throw new Error(`The SDK has no ${path}`)
  return space
}

/** What a name means where it stands; null for what is not the SDK's own. */
export function meaningOf(name: TSTypeName, space: Space): Entity | null {
  if (name.type === 'Identifier') return inScope(name.name, space)
  if (name.type !== 'TSQualifiedName') return null
  const around = meaningOf(name.left, space)?.space ?? null
  return around && exported(name.right.name, around)
}

function inScope(name: string, space: Space): Entity | null {
  return exported(name, space) ?? (space.outer && inScope(name, space.outer))
}

function exported(name: string, space: Space): Entity | null {
  const own = space.own.get(name)
  if (own !== undefined) return own
  const other = space.elsewhere.get(name)
  if (other !== undefined) {
    if (other.file === null) return space.outer && inScope(other.name, space.outer)
    const file = spaceOf(other.file)
    if (file === null) return null
    return other.name === '*' ? { declarations: [], space: file } : exported(other.name, file)
  }
  for (const star of space.stars) {
    const file = spaceOf(star)
    const found = file && exported(name, file)
    if (found) return found
  }
  return null
}

function spaceOf(path: string): Space | null {
  const known = files.get(path)
  if (known !== undefined) return known
  files.set(path, null)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read`)
  const space = newSpace(path, null)
  files.set(path, space)
  for (const statement of program.body) read(statement, space)
  return space
}

function newSpace(file: string, outer: Space | null): Space {
  return { file, outer, own: new Map(), elsewhere: new Map(), stars: [] }
}

function read(statement: Statement, space: Space): void {
  const beside = (source: string) => join(dirname(space.file), source.replace(/\.js$/, '.d.ts'))
  switch (statement.type) {
    case 'ImportDeclaration':
      for (const given of statement.specifiers) {
        const name = given.type === 'ImportSpecifier' ? textOf(given.imported) : '*'
        space.elsewhere.set(given.local.name, { file: beside(statement.source.value), name })
      }
      break
    case 'ExportAllDeclaration':
      if (statement.exported === null) space.stars.push(beside(statement.source.value))
      else space.elsewhere.set(textOf(statement.exported), { file: beside(statement.source.value), name: '*' })
      break
    case 'ExportNamedDeclaration': {
      if (statement.declaration !== null) read(statement.declaration as Statement, space)
      const file = statement.source === null ? null : beside(statement.source.value)
      for (const { local, exported } of statement.specifiers) {
        // A file exports its own names under themselves.
        if (file !== null || space.outer !== null) space.elsewhere.set(textOf(exported), { file, name: textOf(local) })
      }
      break
    }
    case 'TSModuleDeclaration':
      if (statement.kind !== 'global') readNamespace(statement, space)
      break
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'ClassDeclaration':
      if (statement.id !== null) entityOf(statement.id.name, space).declarations.push({ node: statement, space })
  }
}

function readNamespace({ id, body }: TSModuleDeclaration, space: Space): void {
  if (id.type !== 'Identifier' || body?.type !== 'TSModuleBlock') return
  const entity = entityOf(id.name, space)
  entity.space ??= newSpace(space.file, space)
  for (const statement of body.body) read(statement as Statement, entity.space)
}

function entityOf(name: string, space: Space): Entity {
  const known = space.own.get(name)
  if (known !== undefined) return known
  const made: Entity = { declarations: [], space: null }
  space.own.set(name, made)
  return made
}

function textOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name
}

export type TypeHere = { type: TSType; space: Space }

/**
 * The types that the methods of the SDK's client take, by method (`chat.completions.create`): path parameters left out.
 */
export function parameterTypes(): Map<string, TypeHere[]> {
  const found = new Map<string, TypeHere[]>()
  const client = exported('OpenAI', sdkFile('client.d.ts'))
  for (const declaration of client?.declarations ?? []) walkClass(declaration, '', found)
  return found
}

function walkClass({ node, space }: Declaration, path: string, found: Map<string, TypeHere[]>): void {
  if (node.type !== 'ClassDeclaration') return
  for (const member of node.body.body) {
    if (!('key' in member) || member.key.type !== 'Identifier' || member.static) continue
    const name = `${path}${path === '' ? '' : '.'}${snakeCase(member.key.name)}`
    if (member.type === 'PropertyDefinition') {
      const type = member.typeAnnotation?.typeAnnotation
      const held = type?.type === 'TSTypeReference' ? meaningOf(type.typeName, space) : null
      for (const declaration of held?.declarations ?? []) walkClass(declaration, name, found)
    } else if (member.type === 'MethodDefinition' && path !== '') {
      const types = member.value.params.flatMap(parameter => {
        if (parameter.type !== 'Identifier' || parameter.name === 'options') return []
        const type = parameter.typeAnnotation?.typeAnnotation
        return type === undefined || type.type === 'TSStringKeyword' ? [] : [{ type, space }]
      })
      found.set(name, [...(found.get(name) ?? []), ...types])
    }
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'

/** What is wrong with a file, and where: lines and columns count from 1. */
export type FileFault = { line: number; column: number; problem: string }

type Path = readonly PropertyKey[]

/** Of what stands at a path: a key of it, or a place in its text, of which both count from 1. */
type Part = { key?: string; within?: { line: number; column: number } | undefined }

export type Place = Pick<FileFault, 'line' | 'column'>

/** A file that was read, with the place of everything in it. */
export type YamlFile = { value: unknown; at(path: Path, part?: Part): Place }

/** A file that can't be used. Its message has a line for every fault: `line:column: problem`. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly faults: readonly FileFault[]

  constructor(faults: readonly FileFault[]) {
    const ordered = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
    super(ordered.map(({ line, column, problem }) => `${line}:${column}: ${problem}`).join('\n'))
    this.faults = ordered
  }
}

/** Aliases a file may spell out to: more is a "billion laughs" rather than a policy. */
const maxAliasCount = 100

/** Faults of a file's syntax that are told: one that is nested too deeply has one for each level. */
const mostFaults = 20

/** Reads YAML 1.2, of which JSON is a part. Throws `FileError`. */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, maxAliasCount } as object)
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // Warnings are about tags that nothing here knows: what they are on would not be what its owner means.
  const found = [...document.errors, ...document.warnings].slice(0, mostFaults)
  if (found.length > 0)
    throw new FileError(found.map(({ pos: [start], message }) => ({ ...place(start), problem: message })))

  visit(document, {
    Pair(_at, { key }) {
      // Objects cannot hold it, so that it would be lost without a word.
      if (isScalar(key) && key.value === '__proto__')
        throw new FileError([{ ...place(key.range?.[0] ?? 0), problem: '__proto__: is not known' }])
    },
  })

  return {
    value: plain(() => document.toJS({ maxAliasCount })),
    at(path, { key, within } = {}) {
      const { node, offset } = nodeAt(document.contents, path)
      if (key !== undefined) return place(keyOffset(node, key) ?? offset)
      return within === undefined ? place(offset) : inside(text, node, place(offset), within)
    },
  }
}

function plain(read: () => unknown): unknown {
  try {
    return read()
  } catch (cause) {
    throw new FileError([{ line: 1, column: 1, problem: cause instanceof Error ? cause.message : 'is not YAML' }])
  }
}

/** The value at a path; of what is missing, the nearest that is there. */
function nodeAt(root: ParsedNode | null, path: Path): { node: Node | null; offset: number } {
  let node: Node | null = root
  let offset = root?.range?.[0] ?? 0
  for (const segment of path) {
    const next = partOf(node, segment)
    if (next === null) break
    node = next
    offset = node.range?.[0] ?? offset
  }
  return { node, offset }
}

function partOf(node: Node | null, segment: PropertyKey): Node | null {
  if (isMap(node)) return (pairOf(node, String(segment))?.value as Node | null | undefined) ?? null
  return isSeq(node) ? ((node.items[Number(segment)] as Node | undefined) ?? null) : null
}

function pairOf(map: YAMLMap, key: string) {
  return map.items.find(item => isScalar(item.key) && String(item.key.value) === key)
}

function keyOffset(node: Node | null, key: string): number | null {
  const named = isMap(node) ? pairOf(node, key)?.key : null
  return isScalar(named) ? (named.range?.[0] ?? null) : null
}

/** A place in a text: exact where the text stands in the file as it is, else where it begins. */
function inside(text: string, node: Node | null, start: Place, { line, column }: Place): Place {
  if (!isScalar(node)) return start
  if (node.type === 'BLOCK_LITERAL') {
    const lines = text.split('\n').slice(start.line)
    const indent = /^ */.exec(lines.find(one => one.trim() !== '') ?? '')?.[0].length ?? 0
    return { line: start.line + line, column: indent + column }
  }
  if (text.slice(...(node.range ?? [0, 0])).includes('\n') || line > 1) return start
  return { ...start, column: start.column + column - (node.type === 'PLAIN' ? 1 : 0) }
}

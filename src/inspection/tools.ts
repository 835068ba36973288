import { toolName } from '../contracts/names.ts'
import { isObject } from '../json.ts'

type JsonObject = { readonly [key: string]: unknown }

const maxNames = 64

/** Tools that have a name beside their type; others are the provider's own, and known by it. */
const namedTypes: ReadonlySet<unknown> = new Set([undefined, null, 'function', 'custom', 'mcp', 'namespace'])

/** Plain names of the tools that a call offers, each once, in the order of the call. Any other could be content. */
export const toolNamesIn = (tools: readonly unknown[]): string[] => {
  const names = new Set<string>()
  for (const tool of tools.filter(isObject)) {
    for (const name of namesOf(tool)) if (typeof name === 'string' && toolName.test(name)) names.add(name)
    if (names.size >= maxNames) break
  }
  return [...names].slice(0, maxNames)
}

/** Tools and those within them, as a namespace has. What is deeper is no tool of any provider. */
export const flatTools = (tools: readonly unknown[]): unknown[] =>
  tools.flatMap(tool => (isObject(tool) && Array.isArray(tool.tools) ? [tool, ...tool.tools] : [tool]))

/** All names of a tool, whichever its provider reads: of a function or custom tool, a server's label, or its type. */
const namesOf = ({ function: ofFunction, custom, name, server_label, type }: JsonObject): unknown[] => {
  const inner = [ofFunction, custom].map(holder => (isObject(holder) ? holder.name : undefined))
  const names = [...inner, name, server_label].filter(given => given !== undefined)
  return names.length === 0 || !namedTypes.has(type) ? [...names, type] : names
}

import { toolName } from '../contracts/names.ts'

type JsonObject = { readonly [key: string]: unknown }

const maxNames = 64

/** Plain names of the tools that a call offers, each once, in the order of the call. Any other could be content. */
export const toolNamesIn = (tools: readonly unknown[]): string[] => {
  const names = new Set<string>()
  for (const tool of tools) {
    const name = nameOf(tool)
    if (typeof name === 'string' && toolName.test(name)) names.add(name)
    if (names.size === maxNames) break
  }
  return [...names]
}

/** A function or custom tool by its name, a server by its label, a tool of the provider's own by its type. */
const nameOf = (tool: unknown): unknown => {
  if (!isObject(tool)) return null
  for (const holder of [tool.function, tool.custom, tool]) if (isObject(holder) && 'name' in holder) return holder.name
  return tool.server_label ?? tool.type
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null

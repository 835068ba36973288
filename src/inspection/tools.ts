type JsonObject = { readonly [key: string]: unknown }

/** A name that a developer gave: letters, few figures, no spaces. Anything else could be content, and is only counted. */
const plainName = /^(?!(?:\D*\d){4})[\w.-]{1,64}$/
const maxNames = 64

/** Names of the tools that a call offers, each once, in the order of the call. */
export const toolNamesIn = (tools: readonly unknown[]): string[] => {
  const names = new Set<string>()
  for (const tool of tools) {
    const name = nameOf(tool)
    if (typeof name === 'string' && plainName.test(name)) names.add(name)
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

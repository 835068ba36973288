import { carrierKinds, freeFormKeys, payloadKeys, protocolKeys, storedById, wrapperKinds } from './carriers.ts'

/** Members that calls are judged by, beside those of the tables. Sources: the OpenAI and Anthropic API references. */
const judged =
  'messages input prompt instructions system content text name arguments function custom tools functions tool_calls ' +
  'server_label models stream stream_options user safety_identifier variables ' +
  'max_tokens max_completion_tokens max_output_tokens'

/** Names that mean something to providers, and so to whoever judges a call. */
export const apiNames: ReadonlySet<string> = new Set([
  ...judged.split(' '),
  ...carrierKinds.keys(),
  ...wrapperKinds.keys(),
  ...[storedById, payloadKeys, freeFormKeys, protocolKeys].flatMap(names => [...names]),
])

/** Members whose own members are named by the caller: headers, variables, and the like. What is in them is read as it is. */
export const callersNames: ReadonlySet<string> = new Set([
  'variables',
  'attributes',
  'headers',
  'env',
  'environment',
  'chat_template_kwargs',
])

/**
 * The name that another is for those who compare names without their case, as Go's `encoding/json` does; undefined
 * where it is none of them. By way of capitals, as these bring `ſ` to `s`.
 */
export const nameInOtherCase = (key: string): string | undefined => {
  const name = key.toUpperCase().toLowerCase()
  return name !== key && apiNames.has(name) ? name : undefined
}

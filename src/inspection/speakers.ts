import type { Speaker } from '../contracts/facts.ts'

// Names of the OpenAI and Anthropic API references. What is in no table is the user's: nobody vouches for it.

/** Who a message's text is from, by its `role`. */
const byRole: ReadonlyMap<unknown, Speaker> = new Map([
  ['system', 'developer'],
  ['developer', 'developer'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

/** Parts and items that hold what a tool brought back, by their `type`. */
const byType: ReadonlyMap<unknown, Speaker> = new Map([
  ['function_call_output', 'tool'],
  ['custom_tool_call_output', 'tool'],
  ['computer_call_output', 'tool'],
  ['local_shell_call_output', 'tool'],
  ['shell_call_output', 'tool'],
  ['apply_patch_call_output', 'tool'],
  ['mcp_call', 'tool'],
  ['file_search_call', 'tool'],
  ['web_search_call', 'tool'],
  ['tool_result', 'tool'],
  ['web_search_tool_result', 'tool'],
  ['web_fetch_tool_result', 'tool'],
  ['search_result', 'tool'],
])

/** Members of the body itself that are the developer's to write. */
const byMember: ReadonlyMap<string, Speaker> = new Map([
  ['instructions', 'developer'],
  ['system', 'developer'],
  ['tools', 'developer'],
  ['functions', 'developer'],
  ['response_format', 'developer'],
])

/** Who speaks in an object: by its role or type, or else who speaks around it. */
export const speakerIn = ({ role, type }: { readonly [key: string]: unknown }, around: Speaker): Speaker =>
  byType.get(type) ?? byRole.get(role) ?? around

/** Who speaks in a member of the body. */
export const speakerOfMember = (key: string): Speaker => byMember.get(key) ?? 'user'

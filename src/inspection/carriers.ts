import type { UninspectableKind } from '../contracts/facts.ts'

/**
 * Parts and items by `type` whose content is not text. Source: OpenAI API reference, Anthropic's for `document`, vLLM's
 * for `audio_url` and `video_url`, Mistral's for `document_url`.
 */
export const partKinds: ReadonlyMap<string, UninspectableKind> = new Map([
  ['image_url', 'image'],
  ['image_file', 'image'],
  ['image', 'image'],
  ['input_image', 'image'],
  ['computer_screenshot', 'image'],
  ['image_generation_call', 'image'],
  ['input_audio', 'audio'],
  ['output_audio', 'audio'],
  ['audio_url', 'audio'],
  ['audio', 'audio'],
  ['video', 'video'],
  ['input_video', 'video'],
  ['video_url', 'video'],
  ['file', 'file'],
  ['input_file', 'file'],
  ['document', 'file'],
  ['document_url', 'file'],
  ['item_reference', 'reference'],
  ['skill_reference', 'reference'],
  ['container_reference', 'reference'],
  ['compaction', 'reference'],
])

/** Members that hold an object (or a list) about such content: what is in it is of this kind. */
export const wrapperKinds: ReadonlyMap<string, UninspectableKind> = new Map([
  ['image_url', 'image'],
  ['image_file', 'image'],
  ['image', 'image'],
  ['images', 'image'],
  ['mask', 'image'],
  ['input_image_mask', 'image'],
  ['input_reference', 'image'],
  ['input_audio', 'audio'],
  ['audio', 'audio'],
  ['audio_url', 'audio'],
  ['video', 'video'],
  ['video_url', 'video'],
  ['file', 'file'],
  ['input_file', 'file'],
  ['document_url', 'file'],
  ['inline_data', 'file'],
  ['inlineData', 'file'],
])

/** Members whose string, or strings, carry or name content that is not in the body as text. */
export const carrierKinds: ReadonlyMap<string, UninspectableKind> = new Map([
  ['image_url', 'image'],
  ['image', 'image'],
  ['images', 'image'],
  ['mask', 'image'],
  ['b64_json', 'image'],
  ['partial_image_b64', 'image'],
  ['input_audio', 'audio'],
  ['audio_url', 'audio'],
  ['video_url', 'video'],
  ['video', 'video'],
  ['video_id', 'video'],
  ['file', 'file'],
  ['file_data', 'file'],
  ['file_url', 'file'],
  ['document_url', 'file'],
  ['file_uri', 'file'],
  ['fileUri', 'file'],
  ['file_id', 'file'],
  ['file_ids', 'file'],
  ['input_file_id', 'file'],
  ['training_file', 'file'],
  ['validation_file', 'file'],
  ['previous_response_id', 'reference'],
  ['response_id', 'reference'],
  ['conversation', 'reference'],
  ['conversation_id', 'reference'],
  ['thread_id', 'reference'],
  ['assistant_id', 'reference'],
  ['vector_store_id', 'reference'],
  ['vector_store_ids', 'reference'],
  ['container', 'reference'],
  ['container_id', 'reference'],
  ['skill_id', 'reference'],
  ['eval_id', 'reference'],
  ['encrypted_content', 'reference'],
])

/** Members that name stored content when they hold an object with an `id`. */
export const storedById: ReadonlySet<string> = new Set([
  'conversation',
  'prompt',
  'audio',
  'video',
  'response',
  'batch',
])

/** Members that carry a part's content when the part is of a kind above. */
export const payloadKeys: ReadonlySet<string> = new Set(['data', 'url', 'result', 'content_url'])

/** Members whose own members are the caller's names, so that none of the above means anything in them. */
export const freeFormKeys: ReadonlySet<string> = new Set([
  'metadata',
  'args',
  'parameters',
  'input_schema',
  'schema',
  'properties',
])

/** Parts whose `input` is what a tool is called with, by their `type`. Source: Anthropic API reference. */
export const toolUses: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use'])

/** Members that hold words of the protocol: scanned, and not counted as content. */
export const protocolKeys: ReadonlySet<string> = new Set([
  'type',
  'role',
  'model',
  'id',
  'object',
  'status',
  'detail',
  'format',
  'voice',
  'tool_call_id',
  'call_id',
  'effort',
  'tool_choice',
  'service_tier',
])

const mediaKinds: ReadonlyMap<string, UninspectableKind> = new Map([
  ['image', 'image'],
  ['audio', 'audio'],
  ['video', 'video'],
])

/** Kind of a media type (`image/png` → `image`); everything else is a file. */
export const kindOfMediaType = (mediaType: string): UninspectableKind =>
  mediaKinds.get(mediaType.slice(0, mediaType.indexOf('/')).trim().toLowerCase()) ?? 'file'

const extensionKinds = new Map<string, UninspectableKind>([
  ...['flac', 'm4a', 'mp3', 'mpeg', 'mpga', 'oga', 'ogg', 'opus', 'wav', 'webm'].map(name => [name, 'audio'] as const),
  ...['gif', 'jpeg', 'jpg', 'png', 'webp'].map(name => [name, 'image'] as const),
  ...['avi', 'mkv', 'mov', 'mp4'].map(name => [name, 'video'] as const),
])

/** Kind of a file by the ending of its name; undefined where that says nothing. */
export const kindOfFileName = (name: string): UninspectableKind | undefined =>
  extensionKinds.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())

const shortestDataUrl = 'data:,'.length

/** Kind of a `data:` URL by its media type, undefined for any other text. Source: RFC 2397. */
export const kindOfDataUrl = (text: string): UninspectableKind | undefined => {
  if (text.length < shortestDataUrl || !/^\s{0,8}data:[^,\s]{0,256},/i.test(text)) return undefined
  return kindOfMediaType(text.slice(text.indexOf(':') + 1, text.indexOf(',')))
}

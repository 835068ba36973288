import { randomUUID } from 'node:crypto'

export type Body = Record<string, unknown>

/** One answer of the demo, in no format yet. Tokens are characters / 4, rounded up. */
export type Turn = {
  /** Hexadecimal, for ids such as `chatcmpl-<id>`. */
  id: string
  /** Seconds since 1970. */
  created: number
  model: string
  text: string
  /** The text in the pieces that a stream sends. */
  pieces: string[]
  inputTokens: number
  outputTokens: number
  includeUsage: boolean
}

/** How one of OpenAI's formats shows a turn: whole, or as the messages of an event stream. */
export type Format = {
  /** The member of the body that holds the input. */
  input: string
  whole(turn: Turn): object
  stream(turn: Turn): Iterable<string>
}

/** Says what happened and what to do next. It may tell the size of what came in, and never repeats any of it. */
export function takeTurn(body: Body, input: unknown): Turn {
  const characters = charactersOf(input)
  const text =
    `This is the built-in demo provider, not a model. Your call of ${characters} characters went the whole way: ` +
    'it was authenticated, limited, inspected, judged and recorded, and its content was not kept. ' +
    'To reach a real model, set a provider such as OPENAI_API_KEY or OLLAMA_BASE_URL and start the proxy again; ' +
    '.env.example lists them all.'
  return {
    id: randomUUID().replaceAll('-', ''),
    created: Math.floor(Date.now() / 1000),
    model: String(body.model),
    text,
    pieces: text.match(/\S+\s*/g) ?? [],
    inputTokens: tokensOf(characters),
    outputTokens: tokensOf(text.length),
    includeUsage: isObject(body.stream_options) && body.stream_options.include_usage === true,
  }
}

export const tokensOf = (characters: number) => Math.ceil(characters / 4)

/** Characters of all text in a value, at any depth. */
export function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, member) => sum + charactersOf(member), 0)
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A message of an event stream. Messages with a `type` are named after it, as in the responses API. */
export function message(data: { type?: string; [member: string]: unknown }): string {
  const name = data.type === undefined ? '' : `event: ${data.type}\n`
  return `${name}data: ${JSON.stringify(data)}\n\n`
}

/** An error that is the caller's, answered with 400. */
export const unreadable = (why: string) => Object.assign(new Error(why), { statusCode: 400 })

export const endOfStream = 'data: [DONE]\n\n'

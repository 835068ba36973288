import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** An API key as its holder presents it: `api_<key id>.<secret>`. */
export type Token = { id: string; secret: string }

// 32 bytes in base64url are 43 characters, the last of which carries 4 bits: anything else is another spelling.
const form = /^api_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([\w-]{42}[AEIMQUYcgkosw048])$/
const bearer = /^Bearer +([^ ]+)$/i
const socketProtocol = 'openai-insecure-api-key.'
/** Where a UUID states its version, and where its last 62 bits begin, after the two of its variant. */
const versionAt = 14
const sealAt = 19

/** Characters of every well-formed token. */
export const tokenLength = 84

/** A new token. Its id is a UUID of version 8 whose last 62 bits follow from the secret: see `isForged`. */
export function mintToken(): Token {
  const secret = randomBytes(32).toString('base64url')
  const random = randomUUID()
  const head = `${random.slice(0, versionAt)}8${random.slice(versionAt + 1, sealAt)}`
  return { id: head + seal(head, secret), secret }
}

export function formatToken({ id, secret }: Token): string {
  return `api_${id}.${secret}`
}

/** The parts of a well-formed token, or null. Linear in the length of the longest token, whatever is given. */
export function parseToken(text: string): Token | null {
  if (text.length !== tokenLength) return null
  const [, id, secret] = form.exec(text) ?? []
  return id === undefined || secret === undefined ? null : { id: copy(id), secret }
}

/**
 * V8 makes long substrings as views: an id that is remembered would keep its whole token, secret and all, in memory.
 */
function copy(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/**
 * True if the secret cannot be the one that the id was minted with. Whoever knows a key's id can guess at its secret;
 * this tells in a microsecond, without the database and without bcrypt, so that a flood of guesses neither starves
 * nor locks out the key's owner. The id gives away 62 of the secret's 256 bits, and to find one secret that passes
 * takes 2^62 digests. UUIDs of other versions, of keys made by other means, say nothing of their secrets.
 */
export function isForged({ id, secret }: Token): boolean {
  return id[versionAt] === '8' && id.slice(sealAt) !== seal(id.slice(0, sealAt), secret)
}

function seal(head: string, secret: string): string {
  const digest = hash('sha256', `api key id ${head}${secret}`, 'hex')
  const variant = ((Number.parseInt(digest.slice(0, 1), 16) & 3) | 8).toString(16)
  return `${variant}${digest.slice(1, 4)}-${digest.slice(4, 16)}`
}

/**
 * The token that a request presents: `Authorization: Bearer`, `x-api-key`, or the subprotocol that browsers use for
 * WebSockets. Null if there is none, or if two of them differ.
 */
export function presentedToken(headers: IncomingHttpHeaders): string | null {
  const { authorization, 'x-api-key': apiKey, 'sec-websocket-protocol': protocols } = headers
  const fromBearer = authorization === undefined ? undefined : (bearer.exec(authorization)?.[1] ?? null)
  if (apiKey === undefined && protocols === undefined) return fromBearer ?? null
  const fromApiKey = apiKey === undefined ? undefined : String(apiKey)
  const tokens = new Set([fromBearer, fromApiKey, fromProtocols(protocols)].filter(token => token !== undefined))
  return tokens.size === 1 ? ([...tokens][0] ?? null) : null
}

function fromProtocols(protocols = ''): string | undefined {
  const offered = protocols.split(',').map(protocol => protocol.trim())
  return offered.find(protocol => protocol.startsWith(socketProtocol))?.slice(socketProtocol.length)
}

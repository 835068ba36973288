/**
 * Frames of the PostgreSQL protocol, version 3.
 * Source: PostgreSQL's "Frontend/Backend Protocol", chapter "Message Formats".
 */
export type Frame = { type: string; bytes: Buffer; body: Buffer }

export const startupCodes = { version3: 196_608, cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 }

/** Longest message that is accepted, in bytes; a batch of the audit log stays far below. */
const longestMessage = 64 * 1024 * 1024

/**
 * Collects a stream's chunks and cuts them into messages. Chunks of a message are joined once, when its end is there:
 * to join them as they come would copy a batch of the audit log a dozen times. Throws on a length that can't be one.
 */
export function frameReader() {
  let pending: Buffer = Buffer.alloc(0)
  let later: Buffer[] = []
  /** Bytes that the message at the beginning still lacks, if its length is known. */
  let missing = 0

  /** `header` is the number of bytes before the length field: none in a startup packet, else the type's. */
  function take(header: 0 | 1) {
    if (missing > 0) return null
    if (later.length > 0) pending = Buffer.concat([pending, ...later])
    later = []
    if (pending.length < header + 4) return null
    const length = pending.readUInt32BE(header)
    if (length < 4 || length > longestMessage) throw new Error('A message has an impossible length.')
    const end = header + length
    missing = end - pending.length
    if (missing > 0) return null
    const bytes = pending.subarray(0, end)
    pending = pending.subarray(end)
    return { type: header === 0 ? '' : String.fromCharCode(bytes[0] ?? 0), bytes, body: bytes.subarray(header + 4) }
  }

  return {
    /** Takes a copy: PGlite's answers lie in memory that it uses again. */
    push(chunk: Uint8Array) {
      later.push(Buffer.from(chunk))
      missing -= chunk.length
    },
    startup: (): Frame | null => take(0),
    next: (): Frame | null => take(1),
  }
}

/** A message with its type and length before the body. */
export function frame(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export function startupPacket(parameters: Record<string, string>): Buffer {
  const text = `${Object.entries(parameters).flat().join('\0')}\0\0`
  const body = Buffer.alloc(8 + Buffer.byteLength(text))
  body.writeUInt32BE(body.length)
  body.writeUInt32BE(startupCodes.version3, 4)
  body.write(text, 8)
  return body
}

/** ErrorResponse, severity FATAL. `code` is an SQLSTATE. */
export const fatal = (code: string, message: string) =>
  frame('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`))

export const authenticationCleartextPassword = frame('R', Buffer.from([0, 0, 0, 3]))
export const query = (sql: string) => frame('Q', Buffer.from(`${sql}\0`))
export const sync = frame('S', Buffer.alloc(0))

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import { GovernedError } from '../../errors.ts'

/** One part of a multipart body, in memory. */
export type Part =
  | { name: string; value: string }
  | { name: string; filename: string; contentType: string; bytes: Buffer }

/** The names of media types, without parameters (RFC 6838, section 4.2). */
const mediaType = /^[a-z0-9][\w.+-]{0,63}\/[a-z0-9][\w.+-]{0,63}$/i
const unknownType = 'application/octet-stream'

/** Reads a multipart/form-data body of at most `limit` bytes. Throws `invalid_multipart`, `body_too_large`. */
export function readMultipart(payload: IncomingMessage, limit: number): Promise<Part[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Part[]>()
  const parts: Part[] = []
  const fail = (code: 'invalid_multipart' | 'body_too_large') => {
    payload.unpipe()
    payload.resume()
    reject(new GovernedError(code))
  }

  let form: InstanceType<typeof Busboy>
  try {
    form = new Busboy({
      headers: { ...payload.headers, 'content-type': payload.headers['content-type'] ?? '' },
      limits: { fieldSize: limit, fields: 1000, files: 100, parts: 1000, headerPairs: 100 },
    })
  } catch {
    fail('invalid_multipart')
    return promise
  }

  let received = 0
  payload.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > limit) fail('body_too_large')
  })
  form.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated) return fail('body_too_large')
    // Its type does not say so: a part can come without a name.
    if (name === undefined) return fail('invalid_multipart')
    parts.push({ name, value })
  })
  form.on('file', (name, stream, filename, _encoding, contentType) => {
    // The reader takes bytes for a file even where no file is named, and some providers take them for a field then.
    if (name === undefined || filename === undefined || filename === '') {
      stream.resume()
      return fail('invalid_multipart')
    }
    const chunks: Buffer[] = []
    const file = { name, filename, contentType: mediaType.test(contentType) ? contentType : unknownType }
    const place = parts.push({ ...file, bytes: Buffer.alloc(0) }) - 1
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => fail('invalid_multipart'))
    stream.on('end', () => {
      parts[place] = { ...file, bytes: Buffer.concat(chunks) }
    })
  })
  for (const limited of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    form.on(limited, () => fail('invalid_multipart'))
  form.on('error', () => fail('invalid_multipart'))
  form.on('finish', () => resolve(parts))
  payload.on('error', () => fail('invalid_multipart'))
  payload.pipe(form)
  return promise
}

/**
 * Writes parts as a fresh multipart body (RFC 7578), so that nothing that the reader skipped is sent: neither other
 * headers nor what stands between parts.
 */
export function writeMultipart(parts: readonly Part[]): { body: Buffer; contentType: string } {
  const boundary = randomUUID()
  const pieces = parts.flatMap(part => [
    Buffer.from(`--${boundary}\r\n${headersOf(part)}\r\n\r\n`),
    'value' in part ? Buffer.from(part.value) : part.bytes,
    lineEnd,
  ])
  return {
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

const lineEnd = Buffer.from('\r\n')

function headersOf(part: Part): string {
  const disposition = `content-disposition: form-data; name="${quotable(part.name)}"`
  if ('value' in part) return disposition
  return `${disposition}; filename="${quotable(part.filename)}"\r\ncontent-type: ${part.contentType}`
}

/** What could end a quoted name or its line is escaped as browsers do it (HTML, "multipart/form-data"). */
const quotable = (name: string) => name.replace(/["\\\p{Cc}]/gu, encodeURIComponent)

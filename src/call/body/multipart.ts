import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import { GovernedError } from '../../errors.ts'

/** One part of a multipart body, in memory. */
export type Part =
  | { name: string; value: string }
  | { name: string; filename: string; contentType: string; bytes: Buffer }

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
    // The reader takes bytes for a file even where no file is named.
    if (name === undefined || filename === undefined) {
      stream.resume()
      return fail('invalid_multipart')
    }
    const chunks: Buffer[] = []
    const place = parts.push({ name, filename, contentType, bytes: Buffer.alloc(0) }) - 1
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => fail('invalid_multipart'))
    stream.on('end', () => {
      parts[place] = { name, filename, contentType, bytes: Buffer.concat(chunks) }
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

/** Writes parts as a fresh multipart body, so that nothing that the reader skipped is sent. */
export async function writeMultipart(parts: readonly Part[]): Promise<{ body: Buffer; contentType: string }> {
  const form = new FormData()
  for (const part of parts) {
    if ('value' in part) form.append(part.name, part.value)
    else form.append(part.name, new Blob([new Uint8Array(part.bytes)], { type: part.contentType }), part.filename)
  }
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type')
  if (contentType === null) throw new Error('A form was encoded without a content type')
  return { body: Buffer.from(await encoded.arrayBuffer()), contentType }
}

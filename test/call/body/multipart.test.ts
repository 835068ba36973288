import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Part, readMultipart, writeMultipart } from '../../../src/call/body/multipart.ts'

const file = (name: string, filename: string, bytes: Buffer, contentType = 'audio/webm'): Part => ({
  name,
  filename,
  contentType,
  bytes,
})

function read(body: Buffer, contentType: string): Promise<Part[]> {
  const message = Object.assign(Readable.from([body]), { headers: { 'content-type': contentType } })
  return readMultipart(message as unknown as IncomingMessage, 1 << 20)
}

const again = (parts: Part[]) => {
  const { body, contentType } = writeMultipart(parts)
  return read(body, contentType)
}

describe('a multipart body', () => {
  it.each<[string, Part[]]>([
    ['line breaks of every kind in a field', [{ name: 'prompt', value: 'a\nb\r\nc\rd' }]],
    ['an empty field', [{ name: 'prompt', value: '' }]],
    ['bytes that are no text', [file('file', 'a.webm', Buffer.from([0, 255, 13, 10, 45, 45]))]],
    ['names of other scripts', [{ name: 'größe', value: '1' }, file('file', '日本.webm', Buffer.from('x'))]],
    ['no parts', []],
  ])('is sent as it was read: %s', async (_name, parts) => {
    expect(await again(parts)).toEqual(parts)
  })

  it.each(['a"; filename="b', 'a\\', 'a\r\nx-injected: 1', 'a\0b'])(
    'cannot be given other headers by a name: %j',
    async name => {
      const parts = await again([{ name, value: 'v' }, file('file', name, Buffer.from('x'))])
      const escaped = name.replace(/["\\\r\n\0]/g, encodeURIComponent)
      expect(parts).toEqual([{ name: escaped, value: 'v' }, file('file', escaped, Buffer.from('x'))])
    },
  )

  it.each([
    ['audio/webm; codecs=opus', 'audio/webm'],
    ['text/ada@example.org', 'application/octet-stream'],
    ['no type', 'application/octet-stream'],
  ])('has the media type %j of a file sent as %j', async (given, sent) => {
    const body = `--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: ${given}\r\n\r\nx\r\n--b--\r\n`
    const [part] = await read(Buffer.from(body), 'multipart/form-data; boundary=b')
    expect(part).toMatchObject({ contentType: sent })
  })
})

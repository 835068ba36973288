import { connect } from 'node:net'

type Answer = { status: number; headers: string; body: string }

/** Sends bytes to a server as they are, and reads one answer. Null if the server closes without one. */
export function sendRaw(url: string, bytes: Buffer | string, timeoutMs = 10_000): Promise<Answer | null> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const chunks: Buffer[] = []
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('No whole answer came in time')))
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', chunk => {
      chunks.push(chunk)
      const answer = readAnswer(Buffer.concat(chunks))
      if (answer === null) return
      socket.destroy()
      resolve(answer)
    })
    socket.on('close', () => resolve(readAnswer(Buffer.concat(chunks))))
    socket.on('error', reject)
  })
}

/** An answer with a length, or one without a body; null until it is whole. */
function readAnswer(bytes: Buffer): Answer | null {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return null
  const headers = text.slice(0, end).toLowerCase()
  const status = Number(/^http\/1\.1 (\d{3})/.exec(headers)?.[1])
  // "100 Continue" comes before the real answer.
  if (status === 100) return readAnswer(bytes.subarray(end + 4))
  const length = Number(/\r\ncontent-length: (\d+)/.exec(headers)?.[1] ?? 0)
  if (bytes.length < end + 4 + length) return null
  return { status, headers, body: bytes.subarray(end + 4, end + 4 + length).toString('utf8') }
}

/** A request as bytes. `content-length` is added where there is a body and no framing is given. */
export function rawRequest(
  line: string,
  headers: Record<string, string | string[]> = {},
  body: Buffer | string = '',
): Buffer {
  const framed = Object.keys(headers).some(name => /^(content-length|transfer-encoding)$/i.test(name))
  const length = Buffer.byteLength(body)
  const all = { host: 'proxy', ...headers, ...(framed || length === 0 ? {} : { 'content-length': String(length) }) }
  const lines = Object.entries(all).flatMap(([name, values]) => [values].flat().map(value => `${name}: ${value}`))
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)])
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** An upstream that keeps every request it gets, and answers by a function that can be replaced. */
export async function startRecorder() {
  const requests: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }[] = []
  let answer: Answer = (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"object":"answer","data":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}')
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      answer(request, response, body)
    })
  })
  server.on('upgrade', (request, socket) => {
    requests.push({ method: 'GET', url: request.url ?? '', headers: request.headers, body: Buffer.alloc(0) })
    // A caller that reads no more of a refused handshake resets the connection.
    socket.on('error', () => {})
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    /** Base URL, for `OPENAI_BASE_URL`. */
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    respond(next: Answer) {
      answer = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

// An upstream that says in every part of its answers what must not be kept: markers of its own, and the call's.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Markers } from './markers.ts'

export async function startUpstream(markers: Markers) {
  const received: Buffer[] = []
  const answer = answerOf(markers)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [Buffer.from(decodeURIComponent(request.url ?? ''))]
    request.on('data', chunk => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      received.push(...chunks)
      answer(request, response, Buffer.concat(chunks.slice(1)))
    })
  })
  const sockets = new WebSocketServer({ server, handleProtocols: offered => [...offered][0] ?? false })
  sockets.on('connection', socket => {
    socket.on('error', () => {})
    socket.on('message', (data, binary) => {
      received.push(Buffer.from(data as Buffer))
      socket.send(data, { binary })
      socket.send(markers.content('upstream message'))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** Everything that callers sent through. */
    received: () => Buffer.concat(received),
    async stop() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What is done by the path that is called, or by its query. */
function answerOf({ content }: Markers) {
  return (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://upstream')
    const marked = (way: string) => content(`upstream ${way}`)
    response.setHeader('x-upstream', marked('header'))
    response.setHeader('openai-organization', marked('organization'))
    response.setHeader('content-type', 'application/json')
    switch (searchParams.get('do') ?? pathname) {
      case 'error':
        response.writeHead(500, marked('reason phrase'))
        return void response.end(JSON.stringify({ error: { message: `${marked('error')} ${body}`, code: 'x' } }))
      case 'refuse':
        response.writeHead(400)
        return void response.end(`${marked('text error')} ${body}`)
      case 'redirect':
        response.writeHead(302, { location: `http://127.0.0.1/?q=${encodeURIComponent(marked('redirection'))}` })
        return void response.end()
      case 'garbage':
        return void response.socket?.end(`HTTP/1.1 200 OK\r\nbad header ${marked('garbage')}\r\n\r\n`)
      case 'status':
        return void response.socket?.end(`HTTP/1.1 999 ${marked('odd status')}\r\ncontent-length: 0\r\n\r\n`)
      case 'cut':
        response.setHeader('content-length', 10_000)
        return void response.write(`{"choices":[{"text":"${marked('cut answer')}`, () => response.destroy())
      case 'broken-stream':
        response.setHeader('content-type', 'text/event-stream')
        return void response.write(`data: {"choices":[{"text":"${marked('broken stream')}"}]}\n\n`, () =>
          response.destroy(),
        )
      case 'odd-stream':
        response.setHeader('content-type', 'text/event-stream')
        return void response.end(
          `event: ${marked('event name')}\ndata: {"usage":{"prompt_tokens":"${marked('usage')}"},"${marked('member')}":1}\n\n: ${marked('comment')}\n\n`,
        )
      case 'endless-stream':
        response.setHeader('content-type', 'text/event-stream')
        return void response.write(`data: {"choices":[{"delta":{"content":"${marked('aborted stream')}"}}]}\n\n`)
      case '/v1/models':
        return void response.end(
          JSON.stringify({ data: [{ id: marked('model list'), owned_by: marked('model owner'), created: 1 }] }),
        )
      default:
        response.end(
          JSON.stringify({
            choices: [{ message: { content: `${marked('completion')} ${body}`, role: 'assistant' } }],
            model: marked('model'),
            usage: { prompt_tokens: 1, completion_tokens: 1, note: marked('usage note') },
          }),
        )
    }
  }
}

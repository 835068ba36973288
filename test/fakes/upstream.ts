import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

type Behaviour = string | Buffer | ((socket: Socket, firstBytes: Buffer) => void)

/** An upstream below HTTP: what each connection is answered, as soon as it sends something, is given in bytes. */
export async function startUpstream() {
  const sockets = new Set<Socket>()
  let behaviour: Behaviour = ''
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.once('data', bytes => {
      if (typeof behaviour === 'function') behaviour(socket, bytes)
      else socket.end(behaviour)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    /** Base URL, for `OPENAI_BASE_URL`. */
    url: `http://127.0.0.1:${port}/v1`,
    /** What the next connections get: bytes and the end of the connection, or whatever a function does. */
    behave(next: Behaviour) {
      behaviour = next
    },
    /** Cuts every connection that is open. */
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

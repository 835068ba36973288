import { timingSafeEqual } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import { sessionQueue } from './session-queue.ts'
import * as wire from './wire-protocol.ts'

/** A client that holds a transaction open and says nothing is cut off, as every other client waits for it. */
const patienceMs = 15_000
/** Messages that end a batch: the server answers up to there. */
const endsBatch = new Set(['S', 'Q', 'H', 'F', 'd', 'c', 'f'])
/** Anything else would end PGlite itself, which treats it as a lost connection. */
const accepted = new Set(['P', 'B', 'D', 'E', 'C', ...endsBatch])

type Address = { path: string } | { host: string; port: number }
type Options = {
  address: Address
  password: string | null
  /** PGlite can't go on. */
  onBroken(error: unknown): void
  idleInTransactionMs?: number
}

/**
 * Serves one PGlite to many clients over the PostgreSQL protocol.
 *
 * PGlite is a single session. A client has it to itself from the first message of a batch until PostgreSQL says that
 * it is outside a transaction; the others wait. Notifications go to the clients that listen, whoever caused them.
 */
export async function serveWire(db: PGlite, options: Options) {
  const { address, password, onBroken, idleInTransactionMs = patienceMs } = options
  const queue = sessionQueue(db, onBroken)
  const greeting = await queue.greet()
  const open = new Map<Socket, Promise<void>>()
  const server = createServer({ noDelay: true, keepAlive: true }, socket => {
    // The loop that reads the socket reports it; without this listener an early one would end the process.
    socket.on('error', () => {})
    open.set(
      socket,
      converse(socket).finally(() => open.delete(socket)),
    )
  })

  async function converse(socket: Socket) {
    const reader = wire.frameReader()
    const session = queue.join(bytes => socket.write(bytes))
    let idle: NodeJS.Timeout | undefined
    let state: 'startup' | 'password' | 'ready' = 'startup'
    let batch: Buffer[] = []
    try {
      for await (const chunk of socket) {
        clearTimeout(idle)
        reader.push(chunk)
        for (;;) {
          const message: wire.Frame | null = state === 'startup' ? reader.startup() : reader.next()
          if (message === null) break
          if (state === 'startup') {
            const code = message.body.length < 4 ? 0 : message.body.readUInt32BE(0)
            if (code === wire.startupCodes.ssl || code === wire.startupCodes.gss) socket.write('N')
            else if (code !== wire.startupCodes.version3) return
            else {
              state = password === null ? 'ready' : 'password'
              socket.write(password === null ? greeting : wire.authenticationCleartextPassword)
            }
          } else if (state === 'password') {
            if (message.type !== 'p' || !matches(message.body, password)) {
              socket.end(wire.fatal('28P01', 'password authentication failed'))
              return
            }
            state = 'ready'
            socket.write(greeting)
          } else if (accepted.has(message.type)) {
            session.sees(message)
            batch.push(message.bytes)
            if (!endsBatch.has(message.type)) continue
            const unit = Buffer.concat(batch)
            batch = []
            await session.run(unit)
          } else return
        }
        if (session.holds()) {
          idle = setTimeout(() => {
            socket.end(wire.fatal('25P03', 'terminating connection due to idle-in-transaction timeout'))
            socket.destroySoon()
          }, idleInTransactionMs)
        }
      }
    } catch {
      // A client that broke off, or broke the protocol: either way the connection is over.
    } finally {
      clearTimeout(idle)
      await session.leave().catch(() => {})
      socket.destroySoon()
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
  const bound = server.address()

  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : null,
    async stop() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of open.keys()) socket.destroy()
      await Promise.allSettled(open.values())
      await closed
    },
  }
}

function matches(body: Buffer, password: string | null) {
  const expected = Buffer.from(`${password}\0`)
  return body.length === expected.length && timingSafeEqual(body, expected)
}

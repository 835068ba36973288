import type { PGlite } from '@electric-sql/pglite'
import { type Frame, frameReader, query, startupPacket, sync } from './wire-protocol.ts'

type Send = (bytes: Uint8Array) => void
export type Session = ReturnType<ReturnType<typeof sessionQueue>['join']>

/**
 * Shares PGlite's one session among clients, one transaction at a time, first come first served.
 * PGlite answers a faulty query in the protocol; what it throws, given to `onBroken`, means that it can't go on.
 */
export function sessionQueue(db: Pick<PGlite, 'execProtocolRawStream'>, onBroken: (error: unknown) => void) {
  const listeners = new Map<string, Set<Send>>()
  let last: Promise<void> = Promise.resolve()

  /** Waits for its turn; the result ends it. */
  async function acquire() {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    await before
    return resolve
  }

  /** Runs messages and returns the transaction's state afterwards: I(dle), T, E(rror), or null when a batch is open. */
  async function execute(messages: Uint8Array, send: Send) {
    const reader = frameReader()
    let status: string | null = null
    const onRawData = (data: Uint8Array) => {
      reader.push(data)
      const answer: Buffer[] = []
      for (let message = reader.next(); message !== null; message = reader.next()) {
        if (message.type === 'A') deliver(message)
        else answer.push(message.bytes)
        status = message.type === 'Z' ? String.fromCharCode(message.body[0] ?? 0) : null
      }
      if (answer.length > 0) send(Buffer.concat(answer))
    }
    try {
      await db.execProtocolRawStream(messages, { onRawData })
    } catch (error) {
      onBroken(error)
      throw error
    }
    return status
  }

  /** NotificationResponse: process id, channel, payload. */
  function deliver({ bytes, body }: Frame) {
    const channel = body.toString('utf8', 4, body.indexOf(0, 4))
    for (const send of listeners.get(channel) ?? []) send(bytes)
  }

  return {
    /** What PostgreSQL answers to a startup packet: the same for every client. */
    async greet() {
      const release = await acquire()
      const answer: Uint8Array[] = []
      try {
        await execute(startupPacket({ user: 'postgres', database: 'postgres' }), bytes => answer.push(bytes))
        return Buffer.concat(answer)
      } finally {
        release()
      }
    },

    join(send: Send) {
      let release: (() => void) | null = null
      const channels: Set<Send>[] = []
      return {
        holds: () => release !== null,

        /** Notes what the client listens to. */
        sees({ type, body }: Frame) {
          if (type !== 'Q' && type !== 'P') return
          const channel = /^\0*\s*LISTEN\s+"?(\w+)"?/i.exec(body.toString('latin1', 0, 200))?.[1]
          if (channel === undefined) return
          const group = listeners.get(channel) ?? new Set()
          listeners.set(channel, group.add(send))
          channels.push(group)
        },

        async run(messages: Uint8Array) {
          release ??= await acquire()
          const status = await execute(messages, send)
          if (status !== 'I') return
          release()
          release = null
        },

        /** A client that leaves in mid-transaction leaves nothing of it behind. */
        async leave() {
          for (const group of channels) group.delete(send)
          try {
            if (release !== null) await execute(Buffer.concat([sync, query('ROLLBACK')]), () => {})
          } finally {
            release?.()
          }
        },
      }
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { startRecorder } from '../../fakes/recorder.ts'
import type { Keys } from './installation.ts'

/** Answers as a provider does: at once, or in pieces, where a stream is asked for. */
export function answerSlowly(upstream: Awaited<ReturnType<typeof startRecorder>>): void {
  upstream.respond(async (_request, response, body) => {
    if (!body.includes('"stream":true')) {
      response.setHeader('content-type', 'application/json')
      response.end('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let piece = 0; piece < 4; piece++) {
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
      await sleep(Math.random() * 20)
    }
    response.end('data: [DONE]\n\n')
  })
}

/** What clients saw: the decision ids of calls that were answered or refused, and how many had which status. */
export type Seen = { ids: Set<string>; statuses: Map<number, number> }

export const nothingSeen = (): Seen => ({ ids: new Set(), statuses: new Map() })

/** Clients that call without pause, one call after another each, until they are told to stop or the proxy is gone. */
export function startLoad(url: string, keys: Keys, seen: Seen, clients = 6) {
  const stopped = new AbortController()
  const running = Promise.all(
    Array.from({ length: clients }, async () => {
      while (!stopped.signal.aborted) {
        const isThere = await callOnce(url, keys, seen)
        if (!isThere) return
      }
    }),
  )
  return {
    async stop(): Promise<void> {
      stopped.abort()
      await running
    },
  }
}

/** False once nobody answers any more. */
async function callOnce(url: string, keys: Keys, { ids, statuses }: Seen): Promise<boolean> {
  const chance = Math.random()
  const leaving = new AbortController()
  const timer = chance < 0.15 ? setTimeout(() => leaving.abort(), Math.random() * 30) : undefined
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${chance > 0.8 ? keys.refused : keys.allowed}`,
        'content-type': 'application/json',
      },
      body: `{"model":"gpt-4o","stream":${Math.random() < 0.5},"messages":[{"role":"user","content":"Hello!"}]}`,
      signal: leaving.signal,
    })
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    const id = response.headers.get('x-governance-decision-id')
    if (id !== null) ids.add(id)
    await response.arrayBuffer()
    return true
  } catch {
    return leaving.signal.aborted
  } finally {
    clearTimeout(timer)
  }
}

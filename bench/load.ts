import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { atFullSpeed } from './full-speed.ts'
import type { Target } from './peers.ts'
import { newWord, placeholder } from './words.ts'

const words = 'The quarterly report shows that revenue in the northern region grew faster than planned. '.repeat(10)
/** A call with the word in its text: no two calls are the same, as a text that comes again is read faster. */
const chat = (stream: boolean, word: string) =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    stream,
    temperature: 0.7,
    messages: [
      { role: 'system', content: 'You summarise reports.' },
      { role: 'user', content: `${word} ${words}` },
    ],
  })

/** Calls a second at full speed, over so many connections for so many seconds. */
export function throughput({ url, headers }: Target, connections: number, seconds: number) {
  return atFullSpeed({ url, headers, body: chat(false, placeholder) }, connections, seconds)
}

/**
 * Latencies in milliseconds at a fixed rate. Each call has its time on a schedule, and is timed from then whether or
 * not the ones before it are done: a server that falls behind cannot hide it. The first half second opens connections,
 * and is left out.
 */
export async function latency({ url, headers }: Target, perSecond: number, seconds: number) {
  const dispatcher = new Agent({ connections: 64 })
  const opening = Math.round(perSecond / 2)
  const total = opening + perSecond * seconds
  const times: number[] = []
  const calls: Promise<void>[] = []
  const begin = performance.now() + 10
  for (let i = 0; i < total; i++) {
    const due = begin + (i * 1000) / perSecond
    const wait = due - performance.now()
    if (wait > 0.5) await sleep(wait)
    calls.push(
      request(url, { dispatcher, method: 'POST', headers, body: chat(false, newWord()) }).then(async answer => {
        await answer.body.dump()
        if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
        if (i >= opening) times.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(calls)
  await dispatcher.destroy()
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), answered: total }
}

/** A stream's time to its first event and to its end, in milliseconds: medians of so many, one after another. */
export async function streaming({ url, headers }: Target, count: number) {
  const dispatcher = new Agent({ connections: 1 })
  const first: number[] = []
  const whole: number[] = []
  for (let i = 0; i < count; i++) {
    const begin = performance.now()
    const answer = await request(url, { dispatcher, method: 'POST', headers, body: chat(true, newWord()) })
    let text = ''
    for await (const chunk of answer.body) {
      if (text === '') first.push(performance.now() - begin)
      text += chunk
    }
    whole.push(performance.now() - begin)
    if (answer.statusCode !== 200 || !text.endsWith('data: [DONE]\n\n')) throw new Error(`${url} did not stream`)
  }
  await dispatcher.destroy()
  return { firstEvent: quantile(first, 0.5), whole: quantile(whole, 0.5), answered: count }
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

import { pino } from 'pino'
import { gatherJson } from '../../src/inspection/body.ts'
import { createCollector } from '../../src/inspection/content.ts'
import { createInspector } from '../../src/inspection/inspector.ts'
import type { Benign } from './data.ts'

/** Pieces of 4,096 characters of these texts, 60 at most. */
export function pieces(texts: readonly string[]): string[] {
  const all = texts.join('\n\n')
  return Array.from({ length: Math.min(60, Math.floor(all.length / 4096)) }, (_, index) =>
    all.slice(index * 4096, (index + 1) * 4096),
  )
}

export function prose(benign: readonly Benign[]): string[] {
  const sets = new Set(['mt_bench', 'self_instruct_user', 'vicuna_bench'])
  return pieces(benign.filter(({ set }) => sets.has(set)).map(({ text }) => text))
}

/** Milliseconds for one piece, warm: the median and the 99th percentile. */
export function time(texts: readonly string[], look: (text: string) => unknown, seconds = 2) {
  const until = (limit: number, note: (ms: number) => void) => {
    for (const begin = performance.now(); performance.now() - begin < limit * 1000; ) {
      for (const text of texts) {
        const start = performance.now()
        look(text)
        note(performance.now() - start)
      }
    }
  }
  until(1, () => {})
  const times: number[] = []
  until(seconds, ms => times.push(ms))
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

/** Milliseconds for a conversation of these pieces and a message that is new each time: the median. */
export function timeConversation(texts: readonly string[], knownPassages: number): number {
  const inspector = createInspector({
    log: pino({ level: 'silent' }),
    longFrom: Number.POSITIVE_INFINITY,
    knownPassages,
  })
  const messages = texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }))
  let count = 0
  const look = (text: string) => {
    const collector = createCollector()
    gatherJson(collector, { messages: [...messages, { role: 'user', content: `${count++}: ${text.slice(0, 1000)}` }] })
    return inspector.inspect(collector.finish(), { keyId: 'bench', custom: [] })
  }
  return time(texts, look).p50
}

const units =
  'a|A|1| |\n|\t|-|.|_|@|:|/|+|(|{|"|=|é|中|\u200b|😀|a.|a@|@a|a@a.|a-|1-|1 |1.|+1|(1|1:|a:|::|f:|1,|A1|Aa |A. |Mr |Dr. A|my name is |DE89 |4111 |4111-|555-|http://|http://a@|www.|x=|key=|password=|secret: "|sk-|AKIA|ghp_|eyJ|eyJa.|-----BEGIN |ignore previous |you are now |system: |%40|%25|&#64;|&amp;|\\u0040|\\\\|AAAA |0x|00|192.168.|1.1.|St |12 Main St |born |a b c |\'|<a>|[[|{{|Aa1+/|QUJD'.split(
    '|',
  )
const ends = ['', '!', '@', '\n']

/**
 * Repeats of what detectors look for, 8 and 32 KB long: those whose time grows out of proportion, and the worst time.
 */
export function hostile(look: (text: string) => unknown) {
  const once = (text: string) => {
    const start = performance.now()
    look(text)
    return performance.now() - start
  }
  const least = (text: string) => Math.min(once(text), once(text))
  const inputs = units.flatMap(unit => ends.map(end => [unit, end] as const))
  const times = inputs.map(([unit, end]) => {
    const repeat = (size: number) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size) + end
    return { unit, short: least(repeat(8192)), long: least(repeat(32_768)) }
  })
  const worst = times.reduce((a, b) => (b.long > a.long ? b : a))
  return {
    inputs: times.length,
    outOfProportion: times.filter(({ short, long }) => long > 20 && long / Math.max(short, 0.05) > 8).length,
    worst: worst.unit,
    worstMs: worst.long,
  }
}

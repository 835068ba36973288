import { latency, streaming, throughput } from './load.ts'
import type { Target } from './peers.ts'

export type Settings = { rounds: number; seconds: number; connections: number; rate: number }

/** What the rounds found of one target: a value a round. Latencies are milliseconds. */
export type Figures = {
  target: Target
  perSecond: number[]
  /** Processor time a call, in microseconds, with what the call left to be done later. */
  cpuMicros: number[]
  /** The part of the full load's time for which the target had its core busy. */
  busy: number[]
  p50: number[]
  p99: number[]
  firstEvent: number[]
  whole: number[]
  residentMiB: number
  answered: number
}

const latencySeconds = 3
const streams = 10
/** V8 goes on compiling for that long, on the core of what is measured. */
const warmUpSeconds = 10

/** Measures the targets in turns, round by round, so that a busy minute of the machine falls on all of them. */
export async function measure(targets: readonly Target[], settings: Settings, say: (text: string) => void) {
  const found: Figures[] = []
  for (const target of targets) {
    const { answered } = await throughput(target, settings.connections, warmUpSeconds)
    found.push(emptyFigures(target, answered))
  }
  for (let round = 1; round <= settings.rounds; round++) {
    for (const figures of found) {
      await measureOnce(figures, settings)
      say(
        `round ${round} of ${settings.rounds}: ${figures.target.title} ${figures.perSecond.at(-1)?.toFixed(0)} requests/s`,
      )
    }
  }
  return found
}

async function measureOnce(figures: Figures, { seconds, connections, rate }: Settings): Promise<void> {
  const { target } = figures
  await target.idle()
  const before = target.cpuMs()
  const full = await throughput(target, connections, seconds)
  figures.busy.push((target.cpuMs() - before) / (full.seconds * 1000))
  await target.idle()
  figures.cpuMicros.push(((target.cpuMs() - before) * 1000) / full.answered)
  figures.residentMiB = target.residentMiB()

  const steady = await latency(target, rate, latencySeconds)
  const streamed = await streaming(target, streams)
  figures.perSecond.push(full.perSecond)
  figures.p50.push(steady.p50)
  figures.p99.push(steady.p99)
  figures.firstEvent.push(streamed.firstEvent)
  figures.whole.push(streamed.whole)
  figures.answered += full.answered + steady.answered + streamed.answered
}

function emptyFigures(target: Target, answered: number): Figures {
  const none = { perSecond: [], cpuMicros: [], busy: [], p50: [], p99: [], firstEvent: [], whole: [] }
  return { target, ...none, residentMiB: Number.NaN, answered }
}

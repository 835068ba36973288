import { cpus, totalmem } from 'node:os'
import { pinned } from './child.ts'
import { quantile } from './load.ts'
import type { TargetName } from './peers.ts'
import type { Figures, Settings } from './rounds.ts'

/** How many calls a governed target answered, and how many its audit log has as completed. */
export type Recorded = { target: TargetName; answered: number; recorded: number }

type Row = Record<string, string | number>

/** The medians of all rounds, and what they come to, for people and for machines. */
export function summarise(found: readonly Figures[], recorded: readonly Recorded[], settings: Settings) {
  const direct = found.find(({ target }) => target.name === 'direct')
  const speed = (name: TargetName) => median(found.find(({ target }) => target.name === name)?.perSecond ?? [])
  const rows = found.map(figures => ({
    target: figures.target.title,
    requestsPerSecond: median(figures.perSecond),
    slowest: Math.min(...figures.perSecond),
    fastest: Math.max(...figures.perSecond),
    cpuMicrosPerCall: median(figures.cpuMicros),
    busy: median(figures.busy),
    addedP50: median(figures.p50) - median(direct?.p50 ?? []),
    addedP99: median(figures.p99) - median(direct?.p99 ?? []),
    firstEvent: median(figures.firstEvent),
    wholeStream: median(figures.whole),
    residentMiB: figures.residentMiB,
  }))
  const ratios = (['governed', 'postgres'] as const).map(name => ({
    target: name,
    ofBareProxy: speed(name) / speed('bare'),
    ofPortkey: speed(name) / speed('portkey'),
    ofUnrecorded: speed(name) / speed(name === 'governed' ? 'unrecorded' : 'postgres-unrecorded'),
  }))
  return {
    machine: { processor: cpus()[0]?.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), pinned },
    node: process.version,
    settings,
    rows,
    ratios: ratios.filter(({ target }) => !Number.isNaN(speed(target))),
    recorded,
  }
}

export function print({ machine, node, settings, rows, ratios, recorded }: ReturnType<typeof summarise>): void {
  const { rounds, seconds, connections, rate } = settings
  console.log(
    `${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, Node ${node}, ${machine.pinned ? 'pinned' : 'not pinned'}`,
  )
  console.log(`medians of ${rounds} rounds: ${seconds} s over ${connections} connections, then ${rate} requests/s\n`)
  console.table(Object.fromEntries(rows.map(row => [row.target, columns(row)])))
  for (const { target, ofBareProxy, ofPortkey, ofUnrecorded } of ratios) {
    const figures = [
      `${round(ofBareProxy)} of the bare proxy`,
      `${round(ofPortkey)} times Portkey`,
      `${round(ofUnrecorded)} of itself without a record`,
    ]
    console.log(`${target}: ${figures.filter(text => !text.startsWith('NaN')).join(', ')}`)
  }
  for (const { target, answered, recorded: rows } of recorded) {
    console.log(`${target}: ${answered} calls answered, ${rows} rows in the audit log`)
  }
}

function columns(row: ReturnType<typeof summarise>['rows'][number]): Row {
  return {
    'requests/s': Math.round(row.requestsPerSecond),
    spread: `${Math.round(row.slowest)}–${Math.round(row.fastest)}`,
    'cpu µs/call': Math.round(row.cpuMicrosPerCall),
    'busy %': Math.round(row.busy * 100),
    'added p50 ms': round(row.addedP50),
    'added p99 ms': round(row.addedP99),
    'first event ms': round(row.firstEvent),
    'stream ms': round(row.wholeStream),
    'memory MiB': Math.round(row.residentMiB),
  }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

import { type Dimension, dimensionNames, type ReplayReport } from '../../src/policy/rehearsal/replay.ts'
import type { NamedCount } from '../../src/policy/rehearsal/tally.ts'
import type { NameOf } from './names.ts'
import { grouped, percent } from './period.ts'

const namesShown = 10
const examplesShown = 3
const nameWidth = 46
const countWidth = 15

/** A replay for people: the counts, then who and what is behind them, the most changed first. */
export function replayText(report: ReplayReport, nameOf: NameOf): string {
  const { decisions, newly_blocked, newly_allowed, otherwise, errors } = report
  const line = (what: string, count: number) =>
    row(`  ${what}`, grouped(count), percent(decisions === 0 ? 0 : count / decisions))
  return [
    `${grouped(decisions)} decisions were judged again.`,
    '',
    line('newly blocked', newly_blocked.count),
    line('newly allowed', newly_allowed.count),
    line('answered alike, with another score or reason', otherwise),
    ...(errors.count === 0 ? [] : [line(`could not be judged: ${errors.rules.join(', ')}`, errors.count)]),
    ...dimensionNames.flatMap(dimension => dimensionText(dimension, report.by[dimension], nameOf)),
  ].join('\n')
}

function dimensionText(dimension: Dimension, counts: readonly NamedCount[], nameOf: NameOf): string[] {
  if (counts.length === 0) return []
  const more = counts.length - namesShown
  return [
    '',
    `${row(`By ${dimension}`, 'newly blocked', 'newly allowed')}  look at`,
    ...counts.slice(0, namesShown).map(({ name, newly_blocked, newly_allowed, decisions }) => {
      const examples = decisions.slice(0, examplesShown).join(', ')
      return `${row(`  ${nameOf(dimension, name)}`, grouped(newly_blocked), grouped(newly_allowed))}  ${examples}`
    }),
    ...(more > 0 ? [`  and ${grouped(more)} more: see --json`] : []),
  ]
}

function row(name: string, first: string, second: string): string {
  return name.padEnd(nameWidth) + first.padStart(countWidth) + second.padStart(countWidth)
}

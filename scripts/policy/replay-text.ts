import { type Dimension, dimensionNames, type ReplayReport } from '../../src/policy/rehearsal/replay.ts'
import type { VerifyReport } from '../../src/policy/rehearsal/verify.ts'
import { grouped, percent } from './period.ts'

/** What a customer or key is called, by dimension and id. */
export type Names = (dimension: Dimension, id: string) => string

const namesShown = 10
const examplesShown = 3
const nameWidth = 44
const countWidth = 15

/** A replay for people: the counts, then who and what is behind them, the most changed first. */
export function replayText(report: ReplayReport, nameOf: Names): string {
  const { decisions, newly_blocked, newly_allowed, otherwise, errors } = report
  const line = (what: string, count: number, share = decisions === 0 ? 0 : count / decisions) =>
    `  ${what.padEnd(nameWidth)}${grouped(count).padStart(countWidth)}${percent(share).padStart(10)}`
  const failing = errors.count === 0 ? [] : [line(`could not be judged: ${errors.rules.join(', ')}`, errors.count)]
  return [
    `${grouped(decisions)} decisions were judged again.`,
    '',
    line('newly blocked', newly_blocked.count),
    line('newly allowed', newly_allowed.count),
    line('answered alike, with another score or reason', otherwise),
    ...failing,
    ...dimensionNames.flatMap(name => dimensionText(name, report, nameOf)),
  ].join('\n')
}

function dimensionText(dimension: Dimension, { by }: ReplayReport, nameOf: Names): string[] {
  const counts = by[dimension]
  if (counts.length === 0) return []
  const more = counts.length - namesShown
  return [
    '',
    `By ${dimension}`.padEnd(nameWidth + 2) +
      ['newly blocked', 'newly allowed'].map(title => title.padStart(countWidth)).join('') +
      '  look at',
    ...counts
      .slice(0, namesShown)
      .map(
        ({ name, newly_blocked, newly_allowed, decisions }) =>
          `  ${nameOf(dimension, name).padEnd(nameWidth)}${grouped(newly_blocked).padStart(countWidth)}${grouped(newly_allowed).padStart(countWidth)}  ${decisions.slice(0, examplesShown).join(', ')}`,
      ),
    ...(more > 0 ? [`  and ${grouped(more)} more: see --json`] : []),
  ]
}

export function verifyText({ decisions, exact, different, unknown }: VerifyReport): string {
  return [
    `${grouped(exact)} of ${grouped(decisions)} decisions come out as they were recorded.`,
    ...(different.count === 0 ? [] : [`${grouped(different.count)} come out differently:`]),
    ...different.decisions.map(({ id, fields }) => `  ${id}: ${fields.join(', ')}`),
    ...(unknown.count === 0
      ? []
      : [`${grouped(unknown.count)} were judged by sets that are not kept: ${unknown.versions.join(', ')}`]),
  ].join('\n')
}

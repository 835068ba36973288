import { createDecisionLog } from '../../src/audit/decisions.ts'
import { createExperimentReport, type Experiment, type Variant } from '../../src/policy/rehearsal/experiments.ts'
import { subcommand } from '../subcommand.ts'
import { judgedSets } from './judged-sets.ts'
import { grouped, percent, periodOf } from './period.ts'
import { withStores } from './stores.ts'

export const experiments = subcommand(
  ['experiments [--since 30d] [--customer <email>] [--json]', 'rules for a share of the calls, side by side (A/B)'],
  {
    since: { type: 'string', default: '30d' },
    customer: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  [],
  ({ values }) =>
    withStores(async ({ policies, keys, database: { pool } }) => {
      const log = createDecisionLog(pool)
      const period = await periodOf(keys, values)
      const report = createExperimentReport(await judgedSets(log, policies, period))
      for await (const page of log.pages(period)) for (const recorded of page) report.add(recorded)
      const found = report.report()
      if (values.json) console.log(JSON.stringify(found, null, 2))
      else if (found.length === 0) console.log('No rule was for a share of the calls only.')
      else console.log(found.map(experimentText).join('\n\n'))
    }),
)

const share = (of: (variant: Variant) => number) => (variant: Variant) =>
  `${grouped(of(variant))} (${percent(variant.decisions === 0 ? 0 : of(variant) / variant.decisions)})`

const rows: [string, (variant: Variant) => string][] = [
  ['decisions', ({ decisions }) => grouped(decisions)],
  ['refused', share(({ refused }) => refused)],
  ['the rule spoke', share(({ spoke }) => spoke)],
  ['the rule decided', share(({ decided }) => decided)],
  ['not to be judged', share(({ errors }) => errors)],
  ['risk score', ({ risk_score }) => risk_score.toFixed(1)],
  ['cost of a call', ({ cost_usd }) => (cost_usd === null ? 'not known' : `$${cost_usd.toPrecision(3)}`)],
]

function experimentText({ name, first, last, variants }: Experiment): string {
  const head = ['', ...variants.map(({ rule }) => rule ?? '(the rest)')]
  const units = ['for', ...variants.map(({ units: count, by }) => `${grouped(count)} ${by}${count === 1 ? '' : 's'}`)]
  const table = [head, units, ...rows.map(([what, shown]) => [what, ...variants.map(shown)])]
  const widths = head.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)))
  const lines = table.map(row => row.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join('  '))
  return [`${name}, ${day(first)} to ${day(last)}`, ...lines.map(line => `  ${line}`)].join('\n')
}

const padded = (cell: string, column: number, width: number) =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)
const day = (at: Date) => at.toISOString().slice(0, 10)

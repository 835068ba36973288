import { createDecisionLog } from '../../src/audit/decisions.ts'
import { createShadowReport, type ShadowedRule } from '../../src/policy/rehearsal/shadow.ts'
import { subcommand } from '../subcommand.ts'
import { judgedSets } from './judged-sets.ts'
import { grouped, percent, periodOf } from './period.ts'
import { withStores } from './stores.ts'

export const shadow = subcommand(
  ['shadow [--since 30d] [--customer <email>] [--json]', 'what rules in shadow mode saw, and which are ready'],
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
      const report = createShadowReport(await judgedSets(log, policies, period))
      for await (const page of log.pages({ ...period, kind: 'marked' })) {
        for (const recorded of page) report.add(recorded)
      }
      const rules = report.report()
      console.log(values.json ? JSON.stringify(rules, null, 2) : shadowText(rules))
    }),
)

function shadowText(rules: ShadowedRule[]): string {
  return rules.length === 0 ? 'No rule was in shadow mode.' : rules.map(ruleText).join('\n\n')
}

function ruleText({ rule, decisions, first, last, spoke, would_block, share, examples, ...rest }: ShadowedRule) {
  const days = `${first.toISOString().slice(0, 10)} to ${last.toISOString().slice(0, 10)}`
  return [
    rule,
    `  watched       ${grouped(decisions)} decisions, ${days}`,
    `  spoke         ${grouped(spoke)} times`,
    `  would block   ${grouped(would_block)} calls (${percent(share)})`,
    ...examples.slice(0, 3).map(id => `                ${id}`),
    rest.ready ? '  ready to enforce' : '  not ready to enforce:',
    ...rest.because.map(why => `    ${why}`),
  ].join('\n')
}

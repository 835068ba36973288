import { createDecisionLog, type DecisionLog } from '../../src/audit/decisions.ts'
import { startOfMonth } from '../../src/contracts/month.ts'
import type { Period } from '../../src/contracts/recorded.ts'
import type { Policy } from '../../src/policy/compile.ts'
import { readPolicies } from '../../src/policy/files/policies.ts'
import { layersOf } from '../../src/policy/files/stored.ts'
import { policiesOf } from '../../src/policy/rehearsal/candidate.ts'
import { type Gate, parseGate } from '../../src/policy/rehearsal/gate.ts'
import { createJudge } from '../../src/policy/rehearsal/judge.ts'
import { createReplay, dimensionNames, type ReplayReport } from '../../src/policy/rehearsal/replay.ts'
import { CommandError } from '../command.ts'
import { subcommand } from '../subcommand.ts'
import { type NameOf, namesOf } from './names.ts'
import { periodOf } from './period.ts'
import { readWith } from './read-file.ts'
import { replayText } from './replay-text.ts'
import { withStores } from './stores.ts'
import { verify } from './verify.ts'

const options = {
  since: { type: 'string', default: '30d' },
  customer: { type: 'string' },
  'fail-if': { type: 'string', multiple: true, default: [] as string[] },
  verify: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const replay = subcommand(
  [
    'replay <file> [--since 30d] [--customer <email>] [--fail-if "newly_blocked>0.5%"] [--json]',
    'what the file would have done to recorded calls; with --verify and no file: whether the log is what the rules say',
  ],
  options,
  ['file'],
  async ({ values, positionals: [path] }) => {
    if (values.verify && path !== undefined)
      throw new CommandError('--verify judges by the sets of then: it takes no file.')
    if (values.verify) return verify(values)
    if (path === undefined) throw new CommandError('The file of a candidate is needed: replay policies.yaml')
    const gates = values['fail-if'].map(gateOf)
    const { file } = await readWith(path, readPolicies)

    await withStores(async ({ policies, keys, database }) => {
      const period = await periodOf(keys, values)
      const names = namesOf(await keys.list())
      const policyOf = policiesOf({ ...layersOf(await policies.layers()), ...file }, names.emailOf)
      const report = await rehearse(createDecisionLog(database.pool), period, policyOf)
      const failed = gates.filter(gate => gate.fails(report)).map(({ text }) => text)
      if (values.json) console.log(JSON.stringify({ ...named(report, names.nameOf), failed }, null, 2))
      else console.log(replayText(report, names.nameOf))
      for (const text of failed) console.error(`Failed: ${text}`)
      if (failed.length > 0) process.exitCode = 1
    })
  },
)

/** Judges a period again, a page at a time. */
async function rehearse(log: DecisionLog, period: Period, policyOf: (customerId: string) => Policy) {
  const before = await log.costs({ ...period, since: startOfMonth(period.since), until: period.since })
  const replayed = createReplay(createJudge(policyOf, before))
  for await (const page of log.pages(period)) for (const recorded of page) replayed.add(recorded)
  return replayed.report()
}

/** For machines: ids as they are, with the names beside them. */
function named(report: ReplayReport, nameOf: NameOf) {
  const by = dimensionNames.map(dimension => [
    dimension,
    report.by[dimension].map(({ name, ...counts }) => ({ name: nameOf(dimension, name), id: name, ...counts })),
  ])
  return { ...report, by: Object.fromEntries(by) }
}

function gateOf(text: string): Gate {
  const gate = parseGate(text)
  if (gate === null) throw new CommandError('--fail-if must be a bound such as "newly_blocked>0.5%".')
  return gate
}

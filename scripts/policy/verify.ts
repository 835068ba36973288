import { createDecisionLog } from '../../src/audit/decisions.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import { createVerification, type VerifyReport } from '../../src/policy/rehearsal/verify.ts'
import { judgedSets } from './judged-sets.ts'
import { grouped, periodOf } from './period.ts'
import { withStores } from './stores.ts'

type Options = { since: string; customer?: string; json: boolean }

/** `replay --verify`: does every recorded decision come out of its facts and its set as it was recorded? */
export async function verify(options: Options): Promise<void> {
  await withStores(async ({ policies, keys, database }) => {
    const log = createDecisionLog(database.pool)
    const period = await periodOf(keys, options)
    const judged = await judgedSets(log, policies, period)
    const sets = new Map(judged.map(({ version, documents }) => [version, compilePolicy(documents)]))
    const verification = createVerification(version => sets.get(version) ?? null)
    for await (const page of log.pages(period)) for (const recorded of page) verification.add(recorded)
    const report = verification.report()
    console.log(options.json ? JSON.stringify(report, null, 2) : verifyText(report))
    if (report.different.count > 0) process.exitCode = 1
  })
}

function verifyText({ decisions, exact, different, unknown }: VerifyReport): string {
  return [
    `${grouped(exact)} of ${grouped(decisions)} decisions come out as they were recorded.`,
    ...(different.count === 0 ? [] : [`${grouped(different.count)} come out differently:`]),
    ...different.decisions.map(({ id, fields }) => `  ${id}: ${fields.join(', ')}`),
    ...(unknown.count === 0
      ? []
      : [`${grouped(unknown.count)} were judged by sets that are not kept: ${unknown.versions.join(', ')}`]),
  ].join('\n')
}

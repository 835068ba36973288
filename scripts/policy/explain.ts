import { z } from 'zod'
import { createDecisionLog } from '../../src/audit/decisions.ts'
import { explainRecorded } from '../../src/policy/rehearsal/explain.ts'
import { createKeptPolicies } from '../../src/policy/rehearsal/kept-policies.ts'
import { CommandError } from '../command.ts'
import { subcommand } from '../subcommand.ts'
import { withStores } from './stores.ts'

export const explain = subcommand(
  ['explain <decision id> [--json]', 'why a call was decided as it was'],
  { json: { type: 'boolean', default: false } },
  ['decision id'],
  async ({ values, positionals: [given] }) => {
    const id = z.uuid().safeParse(given)
    if (!id.success)
      throw new CommandError('The id of a decision is needed, as in the header x-governance-decision-id.')
    await withStores(async ({ policies, database }) => {
      const recorded = await createDecisionLog(database.pool).find(id.data, null)
      if (recorded === null) throw new Error('There is no decision with that id.')
      const policyOf = createKeptPolicies(policies.effectiveSet)
      const explained = explainRecorded(recorded, await policyOf(recorded.policyVersion))
      console.log(values.json ? JSON.stringify(explained, null, 2) : explainText(explained))
    })
  },
)

type Explained = ReturnType<typeof explainRecorded>

function explainText({ allowed, risk_score, threshold, contributions, shadow, errors, remedies, ...rest }: Explained) {
  const { operation, model, provider } = rest.facts
  const spoke = (list: Explained['contributions'], when: string) =>
    list.map(({ rule, reason, effect, score }) => `  ${when}${rule}: ${reason} (${effect} ${score})`)
  return [
    `${rest.decision_id}, ${rest.created_at}: ${allowed ? 'allowed' : 'refused'} (${rest.reason})`,
    `  ${operation}, model ${model ?? '(none)'}, provider ${provider ?? '(none)'}, ${rest.outcome} with ${rest.status ?? 'no status'}`,
    `  risk score ${risk_score}, threshold ${threshold ?? 'not kept'}, policy version ${rest.policy_version}`,
    ...(contributions.length === 0 ? ['  no rule spoke'] : spoke(contributions, '')),
    ...spoke(shadow, 'in shadow: '),
    ...errors.map(rule => `  could not be judged: ${rule}`),
    ...(remedies ?? []).map(remedy => `  to let it pass: ${remedy}`),
  ].join('\n')
}

import { readCases } from '../../src/policy/files/cases.ts'
import { readPolicies } from '../../src/policy/files/policies.ts'
import { type CaseResult, type Reach, runCases } from '../../src/policy/files/run-cases.ts'
import { subcommand } from '../subcommand.ts'
import { defaultFile, readWith, testsOf } from './read-file.ts'

export const test = subcommand(
  ['test [file] [tests] [--coverage]', 'whether a file decides as its cases say'],
  { coverage: { type: 'boolean', default: false } },
  ['file', 'tests'],
  async ({ values, positionals: [policies = defaultFile, tests = testsOf(policies)] }) => {
    const { file } = await readWith(policies, readPolicies)
    const cases = await readWith(tests, readCases)
    const { results, coverage } = runCases({ everyone: file.everyone ?? {}, customers: file.customers ?? {} }, cases)

    const failed = results.filter(({ failures }) => failures.length > 0)
    for (const result of failed) console.error(failureText(tests, result))
    console.log(`${results.length - failed.length} of ${results.length} cases passed.`)
    if (values.coverage) console.log(coverageText(coverage))
    if (failed.length > 0) process.exitCode = 1
  },
)

function failureText(path: string, { name, line, failures, decision }: CaseResult): string {
  const spoke = decision.contributions.map(({ rule, score, effect }) => `${rule} (${effect} ${score})`).join(', ')
  const why = `  ${spoke === '' ? 'no rule spoke' : `rules that spoke: ${spoke}`}`
  return [`${path}:${line}: ${name}`, ...failures.map(failure => `  ${failure}`), why].join('\n')
}

function coverageText(coverage: Reach[]): string {
  const missed = coverage.filter(({ cases }) => cases === 0)
  const names = missed.map(({ rule, customer }) => `  ${rule}${customer === null ? '' : ` (of ${customer})`}`)
  return [`${coverage.length - missed.length} of ${coverage.length} rules were reached.`]
    .concat(missed.length === 0 ? [] : ['No case reaches:', ...names])
    .join('\n')
}

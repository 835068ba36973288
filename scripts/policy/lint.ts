import { type Finding, lint as lintPolicies } from '../../src/policy/files/lint/lint.ts'
import { type Layer, readPolicies } from '../../src/policy/files/policies.ts'
import type { Place } from '../../src/policy/files/yaml.ts'
import { subcommand } from '../subcommand.ts'
import { defaultFile, readWith } from './read-file.ts'

export const lint = subcommand(
  ['lint [file] [--json]', 'rules that never or always hold, or change nothing; exit code 1 for any'],
  { json: { type: 'boolean', default: false } },
  ['file'],
  async ({ values, positionals: [path = defaultFile] }) => {
    const { file, at } = await readWith(path, readPolicies)
    const layers = { everyone: file.everyone ?? {}, customers: file.customers ?? {} }
    const findings = lintPolicies(layers).map(finding => ({ ...finding, ...placeOf(finding) }))
    if (values.json) console.log(JSON.stringify(findings, null, 2))
    else if (findings.length === 0) console.log(`${path}: nothing to say.`)
    else for (const found of findings) console.log(text(path, found))
    if (findings.length > 0) process.exitCode = 1

    function placeOf({ rule, customer }: Finding): Place {
      const scope = customer === null ? ['everyone'] : ['customers', customer]
      const layer = customer === null ? layers.everyone : layers.customers[customer]
      return at([...scope, 'rules', 'rules', idsOf(layer ?? {}).indexOf(rule)])
    }
  },
)

function idsOf({ rules }: Layer): string[] {
  return ((rules ?? { rules: [] }) as { rules: { id: string }[] }).rules.map(({ id }) => id)
}

function text(path: string, { line, column, rule, customer, problem, kind }: Finding & Place): string {
  return `${path}:${line}:${column}: ${rule}${customer === null ? '' : ` of ${customer}`} ${problem} (${kind})`
}

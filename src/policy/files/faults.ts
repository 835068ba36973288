import type { z } from 'zod'
import { effectiveDocuments, InvalidPolicyError, type PolicyFault } from '../documents.ts'
import type { Layer } from './policies.ts'
import type { FileFault, YamlFile } from './yaml.ts'

/** A fault of a file's form, where it stands. */
export function faultsOf(issue: z.core.$ZodIssue, at: YamlFile['at']): FileFault[] {
  const { path } = issue
  const parent = path.slice(0, -1)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ ...at(path, { key }), problem: `${named([...path, key])}: is not known` }))
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => ({
      ...at(parent, { key: String(path.at(-1)) }),
      problem: `${named(path)}: ${message}`,
    }))
  return [{ ...at(path, { within: placeIn(issue) }), problem: `${named(path)}: ${issue.message}` }]
}

/** Faults of what layers come to together, at the part of the file that adds the last of them. */
export function faultsTogether(layers: Layer[], scope: string[], at: YamlFile['at']): FileFault[] {
  try {
    effectiveDocuments(...layers)
    return []
  } catch (error) {
    if (!(error instanceof InvalidPolicyError)) throw error
    return error.faults.map(fault => {
      const path = [...scope, ...pathOf(fault)]
      return { ...at(path), problem: `${named(path)}: ${fault.problem}` }
    })
  }
}

const pathOf = ({ key, field }: PolicyFault) => [key, ...field.split('.').filter(part => part !== '')]

/** Rules say where in their expression a fault is. */
function placeIn(issue: z.core.$ZodIssue): { line: number; column: number } | undefined {
  if (issue.code !== 'custom' || issue.params?.line === undefined) return undefined
  return { line: Number(issue.params.line), column: Number(issue.params.column) }
}

function named(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : path.map(String).join('.')
}

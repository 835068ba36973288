import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readCases } from '../../../src/policy/files/cases.ts'
import { readPolicies } from '../../../src/policy/files/policies.ts'
import { runCases } from '../../../src/policy/files/run-cases.ts'

const example = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url)), 'utf8')

const policies = { everyone: {}, customers: {}, ...readPolicies(example('policies.yaml')).file }
const { results, coverage } = runCases(policies, readCases(example('policies.test.yaml')))

describe('the examples', () => {
  test.each(results.map(result => [result.name, result] as const))('%s', (_name, { failures }) => {
    expect(failures).toEqual([])
  })

  test('have a case for each of ten rules and more', () => {
    expect(coverage.length).toBeGreaterThan(10)
    expect(coverage.filter(({ cases }) => cases === 0)).toEqual([])
  })
})

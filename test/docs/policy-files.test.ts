import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { readCases } from '../../src/policy/files/cases.ts'
import { lint, lintKinds } from '../../src/policy/files/lint/lint.ts'
import { type Layers, readPolicies } from '../../src/policy/files/policies.ts'
import { runCases } from '../../src/policy/files/run-cases.ts'
import { page, read, rows } from './pages.ts'

const text = page('POLICY_FILES.md')
const shown = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
const layersIn = (yaml: string): Layers => ({ everyone: {}, customers: {}, ...readPolicies(yaml).file })

test('the file and the cases that are shown can be used, and the cases pass', () => {
  const [policies = '', cases = ''] = shown
  const { results, coverage } = runCases(layersIn(policies), readCases(cases))
  expect(results.flatMap(({ failures }) => failures)).toEqual([])
  expect(coverage.map(one => one.cases)).toEqual([1])
})

test('the fault that is shown is what is said', () => {
  const [policies = ''] = shown
  const [, fault = ''] = /```\npolicies\.yaml:(.*)\n```/.exec(text) ?? []
  expect(() => readPolicies(policies.replace('call.images', 'call.image'))).toThrow(fault)
})

test('every finding of lint is explained', () => {
  expect(rows(text, 'finding').map(([kind]) => kind)).toEqual(lintKinds)
})

describe('the examples', () => {
  const examples = read('docs/examples/policies.yaml')

  test('are listed, rule by rule', () => {
    const { rules } = parseDocument(examples).toJS().everyone.rules as { rules: { id: string }[] }
    expect(rows(text, 'rule').map(([id]) => id)).toEqual(rules.map(({ id }) => id))
  })

  test('leave lint nothing to say', () => {
    expect(lint(layersIn(examples))).toEqual([])
  })
})

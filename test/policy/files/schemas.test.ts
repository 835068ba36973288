import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { jsonSchemas } from '../../../src/policy/files/schemas.ts'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))
const read = (name: string) => readFileSync(docs + name, 'utf8')

describe.each(Object.entries(jsonSchemas))('%s', (name, schema) => {
  test('is current: npm run policy -- schema', () => {
    expect(read(`schemas/${name}`)).toBe(schema())
  })
})

/** Whether an editor that knows the stored schema finds nothing wrong. */
const agrees = (name: keyof typeof jsonSchemas, file: unknown) =>
  z.fromJSONSchema(JSON.parse(read(`schemas/${name}`))).safeParse(file).success

describe('an editor', () => {
  test('finds nothing wrong with the examples', () => {
    expect(agrees('policies.schema.json', parse(read('examples/policies.yaml')))).toBe(true)
    expect(agrees('policies-test.schema.json', parse(read('examples/policies.test.yaml')))).toBe(true)
  })

  test.each([
    ['policies.schema.json', { everyone: { rate_limits: {} } }],
    ['policies.schema.json', { everyone: { rate_limit: { requests: 0 } } }],
    ['policies.schema.json', { everyone: { rules: { rules: [{ id: 'a', when: 'true', effect: 'ban' }] } } }],
    ['policies.schema.json', { everyone: { rules: { rules: [{ id: 'a', effect: 'flag' }] } } }],
    ['policies.schema.json', { customers: { 'a@b.example': { risk_threshold: { threshold: 'x' } } } }],
    ['policies-test.schema.json', { cases: [{ name: 'a', expect: {} }] }],
    ['policies-test.schema.json', { cases: [{ name: 'a', facts: { model_name: 'x' }, expect: { allowed: true } }] }],
  ] as const)('by %s marks %j', (name, file) => {
    expect(agrees(name, file)).toBe(false)
  })
})

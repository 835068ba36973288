import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { jsonSchemas } from '../../../src/policy/files/schemas.ts'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

describe.each(Object.entries(jsonSchemas))('%s', (name, schema) => {
  test('is current: npm run policy -- schema', () => {
    expect(readFileSync(`${docs}schemas/${name}`, 'utf8')).toBe(schema())
  })
})

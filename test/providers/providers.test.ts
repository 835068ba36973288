import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { providers } from '../../providers/index.ts'

const folder = new URL('../../providers/', import.meta.url)
const machinery = ['provider.ts', 'index.ts', 'configure.ts']

test('every provider file is listed, and is named after its id', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.ts') && !machinery.includes(name))
  expect(providers.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort())
})

test.each(providers)('$id is described soundly', ({ baseUrl, external, key, models }) => {
  if (baseUrl !== null) expect(baseUrl).toMatch(/^https:\/\/[a-z.]+\/[a-z0-9/]*v1$/)
  expect(key === 'required').toBe(baseUrl !== null)
  expect(external).toBe(baseUrl !== null)
  expect(new Set(models).size).toBe(models.length)
  for (const model of models) expect(model).toMatch(/^[^\s*]*\*?$/)
  if (external) expect(models).not.toContain('*')
})

test('no two providers claim the same model, local servers aside', () => {
  const claims = providers.filter(({ external }) => external).flatMap(({ models }) => models)
  expect(new Set(claims).size).toBe(claims.length)
})

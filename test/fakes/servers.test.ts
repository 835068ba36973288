// `npm run test:servers` runs what imports servers.ts, by vitest's reading of static imports. No test may get at a
// server of the run on another way: it would be left out there, and nobody would see that.
import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { read, root } from '../docs/pages.ts'

const files = globSync('test/**/*.ts', { cwd: root }).map(file => ({ file, text: read(file) }))
const matching = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

test('one file reads where the servers of a run are', () => {
  // Those of the delivery give settings to a script, and read none.
  expect(matching(/\bTEST_\w+_URL\b/).filter(file => !file.startsWith('test/delivery/'))).toEqual([
    'test/fakes/servers.ts',
  ])
})

test('one file asks for what was prepared on them', () => {
  expect(matching(/\binject\('template/)).toEqual(['test/fakes/database.ts'])
})

test('every part of a test is imported statically', () => {
  // The test of the architecture has them in strings.
  expect(matching(/\bimport\(['"`]\.|\brequire\(/)).toEqual(['test/architecture.test.ts'])
})

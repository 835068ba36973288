// A dump of the process's memory, as a crash leaves it, may not hold the keys of everyone who called.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('of keys in use, memory holds the ids and not the secrets', async () => {
  const run = promisify(execFile)(process.execPath, ['--expose-gc', 'test/keys/heap.ts'])
  expect(JSON.parse((await run).stdout)).toEqual({ ids: 20, secrets: 0 })
})

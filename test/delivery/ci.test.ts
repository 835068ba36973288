// .ci/run itself, with an npm that installs nothing and reports what it is told.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { root } from '../docs/pages.ts'
import { makeDataDir } from './data-dir.ts'

let dir: ReturnType<typeof makeDataDir>

beforeEach(() => {
  dir = makeDataDir()
})
afterEach(() => dir.remove())

type Report = { passed: number; failed: number; skipped: number } | null

const stays = { fullName: 'stays whole', status: 'passed', failureMessages: [] }
const breaks = { fullName: 'breaks', status: 'failed', failureMessages: ['AssertionError: expected 2 to be 3'] }

/** Runs the script; each run of the suites leaves the report and ends with the code. */
function run({ report, code = 0, failing = '' }: { report: Report; code?: number; failing?: string }) {
  const { passed = 0, failed = 0, skipped = 0 } = report ?? {}
  const json = JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    numTodoTests: 0,
    success: failed === 0 && code === 0,
    testResults: [
      { name: '/test/some.test.ts', message: '', assertionResults: [stays, ...Array(failed).fill(breaks)] },
    ],
  })
  const npm = `#!/usr/bin/env bash
echo "$* database=\${TEST_DATABASE_URL:-none} redis=\${TEST_REDIS_URL:-none}" >>'${dir.path}/calls'
[ "$*" = '${failing}' ] && exit 1
case "$*" in
  exec*) shift 4; exec '${process.execPath}' "$@" ;;
  *--outputFile.json=*) for given in "$@"; do case $given in --outputFile.json=*) ${report === null ? ':' : `echo '${json}' >"\${given#*=}"`} ;; esac; done; exit ${code} ;;
esac
`
  writeFileSync(join(dir.path, 'npm'), npm)
  chmodSync(join(dir.path, 'npm'), 0o755)
  const { status, stdout } = spawnSync('bash', [join(root, '.ci/run')], {
    encoding: 'utf8',
    env: {
      PATH: `${dir.path}:${process.env.PATH}`,
      TEST_DATABASE_URL: 'postgres://given',
      TEST_REDIS_URL: 'redis://given',
    },
  })
  const calls = readFileSync(join(dir.path, 'calls'), 'utf8')
    .split('\n')
    .filter(line => !line.startsWith('exec'))
  const [last, ...before] = stdout.trim().split('\n').reverse()
  return { status, last, before: before.reverse(), calls }
}

test('adds up both runs, the first without servers and the second with them', () => {
  const { status, last, calls } = run({ report: { passed: 5, failed: 0, skipped: 1 } })
  expect({ status, last }).toEqual({ status: 0, last: '10 passed, 0 failed, 2 skipped' })
  expect(calls).toEqual([
    expect.stringMatching(/^ci /),
    expect.stringMatching(/^run --silent typecheck /),
    expect.stringMatching(/^run --silent lint /),
    expect.stringMatching(/^test .* database=none redis=none$/),
    expect.stringMatching(/^run --silent test:servers .* database=postgres:\/\/given redis=redis:\/\/given$/),
    '',
  ])
})

describe('fails', () => {
  test('when tests fail', () => {
    const { status, last, before } = run({ report: { passed: 4, failed: 1, skipped: 0 }, code: 1 })
    const told = ['!! /test/some.test.ts: breaks', 'AssertionError: expected 2 to be 3']
    expect(before.slice(-4)).toEqual([...told, ...told])
    expect({ status, last }).toEqual({ status: 1, last: '8 passed, 2 failed, 0 skipped' })
  })

  test('when a file could not be loaded, though no test failed', () => {
    const { status, last } = run({ report: { passed: 4, failed: 0, skipped: 0 }, code: 1 })
    expect({ status, last }).toEqual({ status: 1, last: '8 passed, 2 failed, 0 skipped' })
  })

  test('when a run says so, though it ends well', () => {
    const { status, last } = run({ report: { passed: 4, failed: 1, skipped: 0 } })
    expect({ status, last }).toEqual({ status: 1, last: '8 passed, 2 failed, 0 skipped' })
  })

  test('when no test ran', () => {
    const { status, last } = run({ report: { passed: 0, failed: 0, skipped: 3 } })
    expect({ status, last }).toEqual({ status: 1, last: '0 passed, 2 failed, 6 skipped' })
  })

  test('when a run leaves no report', () => {
    const { status, last } = run({ report: null })
    expect({ status, last }).toEqual({ status: 1, last: '0 passed, 2 failed, 0 skipped' })
  })

  test.each(['ci --no-audit --no-fund', 'run --silent typecheck', 'run --silent lint'])(
    'when "npm %s" does',
    failing => {
      const { status, last, before } = run({ report: { passed: 1, failed: 0, skipped: 0 }, failing })
      expect(before.at(-1)).toMatch(/^!! .* failed$/)
      expect({ status, last }).toEqual({ status: 1, last: '2 passed, 1 failed, 0 skipped' })
    },
  )
})

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { read, root } from '../docs/pages.ts'

const workflows = ['ci.yml', 'cleanup.yml'].map(name => [name, read(`.github/workflows/${name}`)] as const)

describe.each(workflows)('%s', (_name, text) => {
  test('pins its actions, and may only read', () => {
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions) expect(action).toMatch(/@(v\d+|[0-9a-f]{40})/)
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m)
  })

  test('runs scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    expect(named.filter(name => !(name in scripts))).toEqual([])
  })
})

test('the clean-up runs weekly, and stops where it has no database', () => {
  const text = read('.github/workflows/cleanup.yml')
  expect(text).toMatch(/cron: "\d+ \d+ \* \* [0-6]"/)
  const [, guard = ''] = /- run: (test -n "\$DATABASE_URL".*)/.exec(text) ?? []
  const withSecret = (url: string) => execFileSync('bash', ['-c', guard], { env: { DATABASE_URL: url }, stdio: 'pipe' })
  expect(() => withSecret('')).toThrow()
  expect(() => withSecret('postgres://somewhere/else')).not.toThrow()
})

describe('.ci/run', () => {
  const script = read('.ci/run')

  test('is sound bash', () => {
    expect(() => execFileSync('bash', ['-n', join(root, '.ci/run')], { stdio: 'pipe' })).not.toThrow()
  })

  test('runs the suites by the command of the README, then those that can use servers on them', () => {
    expect(read('README.md')).toMatch(/^npm test$/m)
    expect(script.match(/^ *suite .*$/gm)).toEqual([
      expect.stringContaining('env -u TEST_DATABASE_URL -u TEST_REDIS_URL npm test'),
      expect.stringContaining('npm run --silent test:servers'),
    ])
  })
})

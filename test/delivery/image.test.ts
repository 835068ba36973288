// There is no container engine where these tests run. What they can hold is that the image has what the code needs, and
// that what it promises (pinned, not root, healthy, small) is still written in it.
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { read, root } from '../docs/pages.ts'
import { type ServerProcess, startServer } from '../fakes/process.ts'
import { makeDataDir } from './data-dir.ts'

const dockerfile = read('Dockerfile')
const stages = dockerfile.split(/^FROM /m).slice(1)
const final = stages.at(-1) ?? ''
const instructions = (name: string, text = final) =>
  [...text.matchAll(new RegExp(`^${name} ((?:.*\\\\\\n)*.*)$`, 'gm'))].map(([, given = '']) => given)

test('every stage runs the Node that the tests ran on', () => {
  const lock = JSON.parse(read('package-lock.json'))
  const { version } = lock.packages['node_modules/node']
  expect(stages.map(stage => stage.split(/[\s]/)[0])).toEqual(stages.map(() => `node:${version}-bookworm-slim`))
})

test('packages come from the lock file', () => {
  const installing = instructions('RUN', dockerfile).filter(command => /\bnpm (ci|i|install|add)\b/.test(command))
  expect(installing).toEqual([expect.stringMatching(/^npm ci /)])
})

test('it does not run as root, and writes to its volume only', () => {
  expect(final.indexOf('USER node')).toBeGreaterThan(final.lastIndexOf('RUN '))
  expect(instructions('VOLUME')).toEqual(['/data'])
  expect(instructions('ENV').join()).toContain('DATA_DIR=/data')
})

test('it starts as npm start does', () => {
  const [command = ''] = instructions('CMD').slice(-1)
  const { scripts } = JSON.parse(read('package.json'))
  expect(JSON.parse(command).join(' ')).toBe(scripts.start.replace('--import ./scripts/env-file.ts ', ''))
})

/** Paths of the build context that are copied into the final stage. */
const copied = instructions('COPY')
  .filter(given => !given.startsWith('--from'))
  .flatMap(given => given.split(' ').slice(0, -1))

test('the context holds what is copied, and nothing that is secret or made', () => {
  const [all, ...exceptions] = read('.dockerignore').trim().split('\n')
  expect(all).toBe('*')
  const kept = exceptions.filter(line => line.startsWith('!')).map(line => line.slice(1))
  expect([...new Set([...copied, 'package-lock.json'])].toSorted()).toEqual(kept.toSorted())
  expect(exceptions).toContain('src/database/generated')
})

test('what the code loads is copied', () => {
  const code = globSync(['src/**/*.ts', 'providers/**/*.ts', 'scripts/*.ts'], { cwd: root })
  const tops = code.flatMap(file =>
    [...read(file).matchAll(/'((?:\.\.\/)+)(\w[\w-]*)[/']/g)].flatMap(([, up = '', top = '']) =>
      up.length / 3 === file.split('/').length - 1 ? [top] : [],
    ),
  )
  expect(new Set(tops)).toContain('providers')
  expect([...new Set(tops)].filter(top => !copied.includes(top) && top !== 'package')).toEqual([])
})

describe('the health check', () => {
  const [check = ''] = instructions('HEALTHCHECK')
  const [, , script = ''] = JSON.parse(/CMD (\[.*\])/.exec(check)?.[1] ?? '[]')
  const run = (port: string) =>
    promisify(execFile)(process.execPath, ['-e', script], { env: { PORT: port } }).then(
      () => 0,
      (error: { code: number }) => error.code,
    )
  let server: ServerProcess
  const data = makeDataDir()

  beforeAll(async () => {
    server = await startServer({ DATA_DIR: data.path, NODE_ENV: 'production' })
  })
  afterAll(async () => {
    await server.end()
    data.remove()
  })

  test('passes while the proxy is ready', async () => {
    expect(await run(new URL(server.url).port)).toBe(0)
  })

  test('fails where nothing listens', async () => {
    expect(await run('9')).toBe(1)
  })
})

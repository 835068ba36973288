import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { providers } from '../../providers/index.ts'
import { loadConfig, settingNames } from '../../src/config.ts'
import { read } from '../docs/pages.ts'

const compose = read('docker-compose.yml')
const ci = read('.github/workflows/ci.yml')

test('images are pinned, and CI tests with the same', () => {
  const images = [...compose.matchAll(/^ +image: (\S+:\S+)$/gm)].map(([, image = '']) => image)
  expect(images.map(image => image.split(':')[0])).toEqual(['postgres', 'postgres', 'redis'])
  for (const image of images) {
    expect(image).toMatch(/^\w+:\d+\.\d+(\.\d+)?-\w+$/)
    expect(ci).toContain(`image: ${image}`)
  }
})

test('there is no password that works by itself', () => {
  const passwords = [...compose.matchAll(/\$\{(?:POSTGRES|PROXY)_PASSWORD([^}]*)\}/g)].map(([, otherwise]) => otherwise)
  expect(passwords.length).toBeGreaterThan(3)
  for (const otherwise of passwords) expect(otherwise).toMatch(/^:\?./)
  expect(compose).not.toMatch(/PASSWORD: (?!\$\{)/)
})

test('the proxy does not own its tables', () => {
  const { services } = parse(compose, { merge: true })
  const { DATABASE_URL, MIGRATE_ON_START } = services.proxy.environment
  const owner = services.postgres.environment.POSTGRES_USER
  expect(new URL(services.migrate.environment.DATABASE_URL.replaceAll(/\$\{.*?\}/g, 'x')).username).toBe(owner)
  expect(new URL(DATABASE_URL.replaceAll(/\$\{.*?\}/g, 'x')).username).toBe(services.login.environment.LOGIN)
  expect({ owner, MIGRATE_ON_START }).toEqual({ owner: services.login.environment.PGUSER, MIGRATE_ON_START: 'false' })
  expect(services.login.environment.LOGIN).not.toBe(owner)
})

test('what the proxy is given are settings of it, every hosted provider among them', () => {
  const [, proxy = ''] = /environment:\n((?: {6}\S.*\n)+)/.exec(compose) ?? []
  const given = [...proxy.matchAll(/^ {6}(\w+):/gm)].map(([, name = '']) => name)
  const keys = providers.filter(({ key }) => key === 'required').map(({ id }) => `${id.toUpperCase()}_API_KEY`)
  expect(given.filter(name => !settingNames.some(known => known === name)).toSorted()).toEqual(keys.toSorted())
})

test('running calls get the time to end that the settings promise', () => {
  const seconds = Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1])
  expect(seconds * 1000).toBeGreaterThan(loadConfig({}).shutdownTimeoutMs + 10_000)
})

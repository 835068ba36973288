import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../src/config.ts'

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'governance-config-')), 'secret')
  writeFileSync(path, text)
  return path
}

test('nothing needs to be set', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8000,
    dataDir: 'data',
    databaseUrl: null,
    redisUrl: null,
    sentryDsn: null,
    production: false,
    logRetentionDays: 90,
    providers: [],
  })
})

test('an empty value counts as unset', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '', OPENAI_API_KEY: '' })).toMatchObject({
    port: 8000,
    databaseUrl: null,
  })
})

test('settings cannot be changed afterwards', () => {
  const config = loadConfig({})
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
  expect(() => Object.assign(config.upstream, { connections: 1 })).toThrow(TypeError)
})

test('every fault is reported at once, in the words of its setting', () => {
  const faults = faultsOf({
    PORT: '99999',
    DATABASE_URL: 'mysql://somewhere',
    LOG_LEVEL: 'loud',
    MIGRATE_ON_START: 'maybe',
    BODY_LIMIT_BYTES: '1e6',
    OPENAI_API_KEY: 'sk-key',
    OPENAI_BASE_URL: 'not a url',
    DEFAULT_PROVIDER: 'nobody',
  })
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'LOG_LEVEL',
    'MIGRATE_ON_START',
    'BODY_LIMIT_BYTES',
    'OPENAI_BASE_URL',
    'DEFAULT_PROVIDER',
  ]) {
    expect(faults.some(fault => fault.startsWith(name))).toBe(true)
  }
})

test('a fault does not repeat the value', () => {
  expect(
    faultsOf({ DATABASE_URL: 'mysql://user:hunter2@somewhere', OPENAI_API_KEY: 'sk hunter2\n' }).join(),
  ).not.toContain('hunter2')
})

describe('a setting from a file', () => {
  test('is read without its line break', () => {
    const { providers } = loadConfig({ OPENAI_API_KEY_FILE: fileWith('sk-from-file\n') })
    expect(providers).toMatchObject([{ id: 'openai', apiKey: 'sk-from-file' }])
  })

  test('that cannot be read is a fault', () => {
    expect(faultsOf({ DATABASE_URL_FILE: '/nowhere/at/all' })).toEqual(['DATABASE_URL_FILE: the file cannot be read'])
  })

  test('may not be given directly as well', () => {
    expect(faultsOf({ SENTRY_DSN: 'https://a@b/1', SENTRY_DSN_FILE: fileWith('https://a@b/1') })).toHaveLength(1)
  })
})

test('origins are those that a browser sends, or all', () => {
  const given = 'https://app.example, http://localhost:3000, *'
  expect(loadConfig({ CORS_ORIGINS: given }).corsOrigins).toEqual(given.split(', '))
  for (const wrong of ['https://app.example/', 'https://app.example/path', 'https://APP.example', 'app.example']) {
    expect(faultsOf({ CORS_ORIGINS: `https://fine.example,${wrong}` })).toEqual([
      expect.stringMatching(/^CORS_ORIGINS\S*: must be "\*", or origins without a path/),
    ])
  }
})

test('trusted proxies are all, none, a number of hops, or addresses', () => {
  expect(loadConfig({ TRUST_PROXY: 'true' }).trustProxy).toBe(true)
  expect(loadConfig({ TRUST_PROXY: '10.0.0.0/8, 127.0.0.1' }).trustProxy).toEqual(['10.0.0.0/8', '127.0.0.1'])
  const { trustProxy } = loadConfig({ TRUST_PROXY: '1' })
  if (typeof trustProxy !== 'function') throw new Error('A number of hops becomes a function')
  expect([trustProxy('', 1), trustProxy('', 2)]).toEqual([true, false])
})

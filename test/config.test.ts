import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { init } from '@sentry/node'
import Fastify from 'fastify'
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
      expect.stringMatching(/^CORS_ORIGINS: must be "\*", or origins without a path/),
    ])
  }
})

describe('trusted proxies', () => {
  test('are all, none, a number of hops, or addresses', () => {
    expect(loadConfig({ TRUST_PROXY: 'true' }).trustProxy).toBe(true)
    expect(loadConfig({ TRUST_PROXY: 'false' }).trustProxy).toBe(false)
    const places = '10.0.0.0/8, 127.0.0.1, 2001:db8::/32, ::1, uniquelocal'
    expect(loadConfig({ TRUST_PROXY: places }).trustProxy).toEqual(places.split(', '))
  })

  const chain = ['203.0.113.9', '198.51.100.7', '10.0.0.2']
  test.each([
    ['1', '10.0.0.2'],
    ['2', '198.51.100.7'],
    ['3', '203.0.113.9'],
    ['127.0.0.1', '10.0.0.2'],
    ['loopback,10.0.0.0/8', '198.51.100.7'],
    ['true', '203.0.113.9'],
    ['false', '127.0.0.1'],
  ])('%s of them leave the caller at %s', async (setting, caller) => {
    const app = Fastify({ trustProxy: loadConfig({ TRUST_PROXY: setting }).trustProxy })
    app.get('/', async request => request.ip)
    const answer = await app.inject({ url: '/', headers: { 'x-forwarded-for': chain.join(', ') } })
    expect(answer.body).toBe(caller)
    await app.close()
  })

  test.each(['foo', '0', '33', '-1', '10.0.0.0/33', '10.0.0.0/0', '::1/129', '10.0.0.1,foo', ','])(
    'cannot be %s',
    setting => {
      expect(faultsOf({ TRUST_PROXY: setting })).toEqual([expect.stringMatching(/^TRUST_PROXY: must be true, false, /)])
    },
  )

  test('that pass are taken by Fastify', () => {
    for (const place of ['10.0.0.1', '10.0.0.0/1', '::ffff:10.0.0.1', 'fe80::1/64', '0.0.0.0/32', 'linklocal'])
      expect(() => Fastify({ trustProxy: loadConfig({ TRUST_PROXY: place }).trustProxy })).not.toThrow()
  })
})

describe('the key of the log', () => {
  const pem = (type: 'ed25519' | 'ed448') =>
    generateKeyPairSync(type as 'ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()

  test('is an Ed25519 private key in PEM', () => {
    const key = pem('ed25519')
    expect(loadConfig({ AUDIT_SIGNING_KEY: key }).audit.signingKey).toBe(key)
  })

  test.each([['garbage'], [pem('ed448')], [createPublicKey(pem('ed25519')).export({ type: 'spki', format: 'pem' })]])(
    'is nothing else: %#',
    key => {
      expect(faultsOf({ AUDIT_SIGNING_KEY: String(key) })).toEqual([
        'AUDIT_SIGNING_KEY: must be an Ed25519 private key in PEM',
      ])
    },
  )
})

describe('where errors are reported', () => {
  const readBySdk = (dsn: string) => init({ dsn, defaultIntegrations: false })?.getDsn() !== undefined

  test.each([
    'https://public@sentry.example/1',
    'https://public:secret@sentry.example:9000/path/42',
    'http://public@[::1]:9000/1',
  ])('%s is what the SDK reads', dsn => {
    expect(loadConfig({ SENTRY_DSN: dsn }).sentryDsn).toBe(dsn)
    expect(readBySdk(dsn)).toBe(true)
  })

  test.each(['https://example.com', 'https://public@sentry.example', 'https://sentry.example/1', 'ftp://a@b/1'])(
    '%s is not',
    dsn => {
      expect(readBySdk(dsn)).toBe(false)
      expect(faultsOf({ SENTRY_DSN: dsn })).toEqual([expect.stringMatching(/^SENTRY_DSN: must be a DSN/)])
    },
  )
})

test('a setting is read once, and its fault told once', () => {
  expect(
    faultsOf({ DEFAULT_PROVIDER: 'openai', DEFAULT_PROVIDER_FILE: fileWith('openai'), OPENAI_API_KEY: 'sk-key' }),
  ).toEqual(['DEFAULT_PROVIDER: is given both directly and by DEFAULT_PROVIDER_FILE'])
  expect(faultsOf({ CORS_ORIGINS: 'a,b' })).toHaveLength(1)
})

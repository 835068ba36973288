import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { configureProviders } from '../providers/configure.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import { type CheckpointPlace, syncModes, type WebPlace } from './contracts/audit.ts'
import { isPrivateKey } from './transparency/keys.ts'

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(min).max(max))
const milliseconds = integer(1, 86_400_000)
const flag = z.enum(['true', 'false'], 'must be true or false').transform(value => value === 'true')
const itemsOf = (text: string) =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
const list = z.string().transform(itemsOf)
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      text => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL starting with ${protocols.join('// or ')}//`,
    )

/** Networks that Fastify knows by these names (`@fastify/proxy-addr`). */
const namedNetworks = ['loopback', 'linklocal', 'uniquelocal']
const mostHops = 32

/** Proxies whose `x-forwarded-*` is believed: all, none, a number of hops, or addresses. */
const trustProxy = z.string().transform((text, context): boolean | number | string[] => {
  if (text === 'true' || text === 'false') return text === 'true'
  const hops = /^\d+$/.test(text) ? Number(text) : null
  if (hops !== null && hops >= 1 && hops <= mostHops) return hops
  const places = itemsOf(text)
  if (hops === null && places.length > 0 && places.every(isNetwork)) return places
  context.addIssue(`must be true, false, 1 to ${mostHops} hops, or addresses such as 10.0.0.0/8, parted by commas`)
  return z.NEVER
})

/** An address, alone or as `address/bits`, that Fastify takes as it is: it throws at others. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const kind = isIP(address)
  if (kind === 0) return namedNetworks.includes(text)
  return bits === undefined || (Number(bits) >= 1 && Number(bits) <= (kind === 4 ? 32 : 128))
}

/** What Sentry's SDK can read: it says no word of one that it cannot, and reports nothing. */
const sentryDsn = z
  .string()
  .regex(
    /^https?:\/\/\w+(?::\w*)?@(?:\[[:.%\w]+\]|[\w.-]+)(?::\d+)?\/(?:.+\/)?\d+$/,
    'must be a DSN such as https://<key>@sentry.example/<project number>',
  )

/** A browser sends no path with its origin, so that one with a path, or a slash alone, would never be met. */
const origin = z
  .string()
  .refine(
    text => text === '*' || URL.parse(text)?.origin === text,
    'must be "*", or origins without a path, such as https://app.example',
  )

/** `https://name:password@host/path`, with `%` for what has a meaning there. */
function webPlace(text: string): WebPlace | null {
  try {
    const url = new URL(text)
    const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
    url.username = ''
    url.password = ''
    const encoded = Buffer.from(`${name}:${password}`).toString('base64')
    return { kind: 'web', url: url.href, authorization: name + password === '' ? null : `Basic ${encoded}` }
  } catch {
    return null
  }
}

/** Where checkpoints go besides: `log`, a file by its absolute path, or a web address that takes POST. */
const checkpointPlace = z.string().transform((text, context): CheckpointPlace => {
  if (text === 'log') return { kind: 'log' }
  if (isAbsolute(text)) return { kind: 'file', path: text }
  const web = /^https?:/.test(text) ? webPlace(text) : null
  if (web !== null) return web
  context.addIssue('must be "log", absolute paths of files, or web addresses')
  return z.NEVER
})

/**
 * Every setting with its default, in the order of docs/CONFIGURATION.md. Each can be given as `<NAME>_FILE` instead.
 */
const settings = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(8000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WARM_UP_MS: integer(0, 60_000).default(500),
  SHUTDOWN_TIMEOUT_MS: milliseconds.default(30_000),
  SENTRY_DSN: sentryDsn.optional(),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATABASE_CONNECTIONS: integer(1, 200).default(5),
  DATA_DIR: z.string().default('data'),
  MIGRATE_ON_START: flag.default(true),
  LOG_RETENTION_DAYS: integer(1, 36_500).default(90),
  AUDIT_SYNC: z.enum(syncModes).default('group'),
  AUDIT_SPOOL_LIMIT_BYTES: integer(1_048_576, 1_099_511_627_776).default(4_294_967_296),
  AUDIT_SIGNING_KEY: z.string().refine(isPrivateKey, 'must be an Ed25519 private key in PEM').optional(),
  AUDIT_CHECKPOINTS_TO: list.pipe(z.array(checkpointPlace)).default([]),
  KEY_CACHE_TTL_MS: milliseconds.default(60_000),
  POLICY_CACHE_TTL_MS: milliseconds.default(60_000),
  OUTAGE_TOLERANCE_MS: milliseconds.default(300_000),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  RATE_LIMIT_WITHOUT_REDIS: z.enum(['local', 'closed']).default('local'),
  RATE_LIMIT_INSTANCES: integer(1, 10_000).default(1),
  BODY_LIMIT_BYTES: integer(1024, 1_073_741_824).default(33_554_432),
  UPLOAD_LIMIT_BYTES: integer(1024, 1_099_511_627_776).default(536_870_912),
  REQUEST_TIMEOUT_MS: milliseconds.default(300_000),
  INSPECTION_LIMIT_CHARACTERS: integer(1024, 268_435_456).default(33_554_432),
  INSPECTION_KNOWN_PASSAGES: integer(0, 1_000_000).default(20_000),
  ANSWER_INSPECTION_LIMIT_BYTES: integer(0, 33_554_432).default(1_048_576),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]),
  TRUST_PROXY: trustProxy.default(false),
  UPSTREAM_CONNECT_TIMEOUT_MS: milliseconds.default(10_000),
  UPSTREAM_RESPONSE_TIMEOUT_MS: milliseconds.default(600_000),
  UPSTREAM_IDLE_TIMEOUT_MS: milliseconds.default(300_000),
  UPSTREAM_CONNECTIONS: integer(1, 65_535).default(1024),
  DEFAULT_PROVIDER: z.string().optional(),
})

export type SettingName = keyof typeof settings.shape
export const settingNames = Object.keys(settings.shape) as SettingName[]

export type Config = ReturnType<typeof loadConfig>

/** Thrown with every fault of the environment at once, each in the words of its setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The settings have ${faults.length} fault(s):\n${faults.map(fault => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * Reads the whole environment into frozen settings.
 * Times are milliseconds, sizes bytes. An empty value counts as unset. Throws `ConfigError`.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const faults: string[] = []
  const read = settingReader(env, faults)
  const given = Object.fromEntries(settingNames.map(name => [name, read(name)]))
  const parsed = settings.safeParse(given)
  // Items of a list can have the same fault, which is the setting's.
  const found = (parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`)
  faults.push(...new Set(found))
  const providers: readonly ConfiguredProvider[] = configureProviders(read, faults)

  const defaultProvider = given.DEFAULT_PROVIDER ?? null
  if (defaultProvider !== null && !providers.some(({ id }) => id === defaultProvider)) {
    faults.push('DEFAULT_PROVIDER: names a provider that is not configured')
  }

  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)
  const value = parsed.data
  return Object.freeze({
    production: value.NODE_ENV === 'production',
    host: value.HOST,
    port: value.PORT,
    dataDir: value.DATA_DIR,
    databaseUrl: value.DATABASE_URL ?? null,
    databaseConnections: value.DATABASE_CONNECTIONS,
    migrateOnStart: value.MIGRATE_ON_START,
    redisUrl: value.REDIS_URL ?? null,
    rateLimitWithoutRedis: value.RATE_LIMIT_WITHOUT_REDIS,
    rateLimitInstances: value.RATE_LIMIT_INSTANCES,
    sentryDsn: value.SENTRY_DSN ?? null,
    logLevel: value.LOG_LEVEL,
    corsOrigins: value.CORS_ORIGINS,
    trustProxy: trustedProxies(value.TRUST_PROXY),
    bodyLimit: value.BODY_LIMIT_BYTES,
    uploadLimit: value.UPLOAD_LIMIT_BYTES,
    requestTimeoutMs: value.REQUEST_TIMEOUT_MS,
    upstream: Object.freeze({
      connectTimeoutMs: value.UPSTREAM_CONNECT_TIMEOUT_MS,
      responseTimeoutMs: value.UPSTREAM_RESPONSE_TIMEOUT_MS,
      idleTimeoutMs: value.UPSTREAM_IDLE_TIMEOUT_MS,
      connections: value.UPSTREAM_CONNECTIONS,
    }),
    shutdownTimeoutMs: value.SHUTDOWN_TIMEOUT_MS,
    warmUpMs: value.WARM_UP_MS,
    keyCacheTtlMs: value.KEY_CACHE_TTL_MS,
    policyCacheTtlMs: value.POLICY_CACHE_TTL_MS,
    outageToleranceMs: value.OUTAGE_TOLERANCE_MS,
    inspectionLimit: value.INSPECTION_LIMIT_CHARACTERS,
    knownPassages: value.INSPECTION_KNOWN_PASSAGES,
    answerInspectionLimit: value.ANSWER_INSPECTION_LIMIT_BYTES,
    audit: Object.freeze({
      sync: value.AUDIT_SYNC,
      limitBytes: value.AUDIT_SPOOL_LIMIT_BYTES,
      signingKey: value.AUDIT_SIGNING_KEY ?? null,
      publishTo: value.AUDIT_CHECKPOINTS_TO,
    }),
    logRetentionDays: value.LOG_RETENTION_DAYS,
    defaultProvider,
    providers,
  })
}

/** Fastify counts hops by a function, from 0 for whoever holds the connection, and takes the rest as it is. */
function trustedProxies(value: z.infer<typeof trustProxy>) {
  return typeof value === 'number' ? (_address: string, hop: number) => hop < value : value
}

/** Reads a setting from its variable, or from the file that `<NAME>_FILE` names (mounted secrets). */
function settingReader(env: NodeJS.ProcessEnv, faults: string[]) {
  return function read(name: string): string | undefined {
    const direct = env[name] || undefined
    const file = env[`${name}_FILE`] || undefined
    if (file === undefined) return direct
    if (direct !== undefined) faults.push(`${name}: is given both directly and by ${name}_FILE`)
    try {
      return readFileSync(file, 'utf8').trim() || undefined
    } catch {
      faults.push(`${name}_FILE: the file cannot be read`)
      return undefined
    }
  }
}

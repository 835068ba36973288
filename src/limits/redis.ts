import { Redis, type Result } from 'ioredis'
import type { Log } from '../contracts/log.ts'
import type { Part } from '../contracts/part.ts'
import { GovernedError } from '../errors.ts'
import { createCircuit } from './circuit.ts'
import { type Limit, type Limiter, type Verdict, verdictOf } from './limiter.ts'
import { createMemoryLimiter } from './memory.ts'

type Settings = {
  url: string
  /** While Redis is away: a share of the limit that each instance enforces by itself, or no calls at all. */
  withoutRedis: 'local' | 'closed'
  /** Instances that share a limit, for their shares. */
  instances: number
  prefix?: string
  /** How long a call waits for Redis before it counts as away, in milliseconds. */
  timeoutMs?: number
  log: Log
}

/** After a failure Redis is left alone this long, so that calls don't each wait for it. */
const pauseMs = 1_000
/** A server that accepts connections and says nothing, or that has moved, is left for a new connection. */
const silenceMs = 2_000

/**
 * The bucket of `memory.ts` on Redis' own clock, so that instances need not agree on theirs. Returns how far the bucket
 * is drawn on with this request, in microseconds.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = tonumber(ARGV[1])
local step = tonumber(ARGV[2])
local drawn = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or '0') - now, 0), window)
local ahead = drawn + step
if ahead <= window then
  redis.call('SET', KEYS[1], string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000) + 1)
end
return string.format('%.0f', ahead)
`

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeRequest(key: string, windowUs: number, stepUs: number): Result<string, Context>
  }
}

/** Limits shared by all instances through Redis. What Redis holds are key ids and times. */
export function createRedisLimiter(settings: Settings): Limiter & Part {
  const { url, withoutRedis, instances, prefix = 'governance:limit:', timeoutMs = 100, log } = settings
  const local = createMemoryLimiter()
  const circuit = createCircuit({
    pauseMs,
    now: () => performance.now(),
    onOpen: error => log.error({ err: error, withoutRedis }, 'Redis failed: limits are not shared until it is back'),
    onClose: () => log.info({}, 'Redis is back: limits are shared again'),
  })
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: silenceMs,
    socketTimeout: silenceMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: attempt => Math.min(attempt * 100, 2_000),
    // After a failover the old primary refuses writes: its name leads to the new one.
    reconnectOnError: error => error.message.startsWith('READONLY'),
    scripts: { takeRequest: { lua: script, numberOfKeys: 1 } },
  })
  // Without a listener a lost connection would end the process; calls report their own failures.
  redis.on('error', error => log.debug({ err: error }, 'Redis'))

  function alone(keyId: string, { requests, window_seconds }: Limit): Verdict {
    if (withoutRedis === 'closed') throw new GovernedError('limiter_unavailable')
    return local.take(keyId, { requests: Math.max(1, Math.floor(requests / instances)), window_seconds })
  }

  return {
    name: 'redis limiter',
    async start() {
      await redis.connect().catch((error: unknown) => {
        log.warn({ err: error }, 'Redis cannot be reached')
      })
    },
    async stop() {
      redis.disconnect()
    },
    take(keyId, limit) {
      if (!circuit.admits()) return alone(keyId, limit)
      const windowUs = limit.window_seconds * 1_000_000
      return redis.takeRequest(`${prefix}{${keyId}}`, windowUs, Math.floor(windowUs / limit.requests)).then(
        aheadUs => {
          circuit.succeeded()
          return verdictOf(limit, Number(aheadUs) / 1000)
        },
        (error: unknown) => {
          circuit.failed(error)
          return alone(keyId, limit)
        },
      )
    },
  }
}

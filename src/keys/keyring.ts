import { hash, randomBytes } from 'node:crypto'
import bcrypt from 'bcrypt'
import { LRUCache } from 'lru-cache'
import { createCache } from '../cache.ts'
import type { Log } from '../contracts/log.ts'
import type { Principal } from '../contracts/principal.ts'
import { GovernedError } from '../errors.ts'
import { createGate } from './gate.ts'
import type { StoredKey } from './store.ts'
import { createThrottle } from './throttle.ts'
import { isForged, parseToken, type Token, tokenLength } from './token.ts'

type Settings = {
  find: (id: string) => Promise<StoredKey | null>
  /** How long a stored key is used without asking again, in milliseconds. Revocations are pushed besides. */
  ttlMs: number
  /** How long past that it is still used while the store cannot be read, in milliseconds. */
  staleMs: number
  /** Called with the id of every key that is used. */
  onUse?: (keyId: string) => void
  maxEntries?: number
  /** bcrypt comparisons at once, of the four threads that Node has for such work. */
  concurrency?: number
  /** Wrong secrets that may be compared for one key id, before bcrypt is spared. */
  failures?: { attempts: number; windowMs: number }
  /** Milliseconds of a monotonic clock. */
  now?: () => number
  log: Log
}

export type Keyring = ReturnType<typeof createKeyring>

/** A token whose secret was compared: the key's id, and the hash that it was compared with. */
type Verified = { id: string; comparedWith: string }

/** Bounds what strangers can make the process remember. */
const maxRefusals = 10_000
/** Look-ups at once for tokens not seen before: the pool's other connections are for calls and records. */
const lookUpsAtOnce = 2
const maxWaiting = 500

/**
 * Finds the principal of a token: one look-up by id, one bcrypt comparison, and from then on a digest in memory.
 * The digest is keyed by a secret of this process, so that a dump of the memory cannot be searched for tokens.
 *
 * Strangers cannot hold up keys in use: what they send meets the checks that cost least first, and the look-ups and
 * comparisons that are left run bounded and apart. A key whose id is no seal of its secret (see `isForged`) can still
 * be attacked: while wrong secrets come in, an owner who is new to this process competes for `failures`.
 * Whether an id exists can be told by time, if at all, from such keys only; ids are no secrets.
 */
export function createKeyring(settings: Settings) {
  const { find, ttlMs, staleMs, onUse = () => {}, maxEntries = 50_000, concurrency = 2, log } = settings
  const { failures = { attempts: 10, windowMs: 60_000 }, now = () => performance.now() } = settings
  const digestKey = randomBytes(32).toString('base64')
  const stored = createCache({ name: 'keys', load: find, ttlMs, staleMs, maxEntries, now, log })
  const verified = new LRUCache<string, Verified>({ max: maxEntries })
  /** Key ids that are not in the store, and when that was found. */
  const unknown = new LRUCache<string, number>({ max: maxRefusals })
  /** Tokens with a wrong secret, and the hash that it was compared with: who repeats one is refused at no cost. */
  const wrong = new LRUCache<string, string>({ max: maxRefusals })
  const verifying = new Map<string, Promise<Principal>>()
  const attempts = createThrottle({ ...failures, now })
  const lookUps = createGate({ concurrency: lookUpsAtOnce, waiting: maxWaiting, onFull: tooManyAtOnce })
  const comparisons = createGate({ concurrency, waiting: maxWaiting, onFull: tooManyAtOnce })

  /** The principal, at once if the token was seen before. Throws `invalid_api_key` whatever is wrong with it. */
  function authenticate(text: string | null): Principal | Promise<Principal> {
    if (text?.length !== tokenLength) throw new GovernedError('invalid_api_key')
    const digest = hash('sha256', digestKey + text, 'base64')
    const known = verified.get(digest)
    if (known === undefined) return verifyOnce(text, digest)
    const key = stored.of(known.id)
    if (key instanceof Promise) return key.then(found => readmit(found, known, text, digest))
    return readmit(key, known, text, digest)
  }

  function readmit(key: StoredKey | null, { comparedWith }: Verified, text: string, digest: string) {
    if (key?.apiKeyHash === comparedWith) return admit(key)
    // Deleted, or hashed anew: what was found of the token holds no longer.
    verified.delete(digest)
    return verifyOnce(text, digest)
  }

  function admit(key: StoredKey): Principal {
    if (!isUsable(key)) throw new GovernedError('invalid_api_key')
    onUse(key.id)
    return {
      customerId: key.customerId,
      keyId: key.id,
      keyName: key.name,
      keyCreatedAt: key.createdAt.getTime(),
      customerEmail: key.customer.email,
      scopes: key.scopes,
    }
  }

  function verifyOnce(text: string, digest: string): Promise<Principal> {
    const pending = verifying.get(digest)
    if (pending !== undefined) return pending
    const token = parseToken(text)
    if (token === null || isForged(token) || isUnknown(token.id)) throw new GovernedError('invalid_api_key')
    const verification = verify(token, digest).finally(() => verifying.delete(digest))
    verifying.set(digest, verification)
    return verification
  }

  async function verify({ id, secret }: Token, digest: string): Promise<Principal> {
    const key = await lookUps.run(() => stored.of(id))
    if (key === null) {
      stored.forget(id)
      unknown.set(id, now())
      throw new GovernedError('invalid_api_key')
    }
    const { apiKeyHash } = key
    if (!isUsable(key) || wrong.get(digest) === apiKeyHash) throw new GovernedError('invalid_api_key')
    const retryAfterMs = attempts.blockedMs(id)
    if (retryAfterMs > 0) throw tooManyFailures(retryAfterMs)
    attempts.note(id)
    const matches = await comparisons
      .run(() => bcrypt.compare(secret, apiKeyHash))
      .catch((error: unknown) => {
        attempts.forgive(id)
        throw error
      })
    if (!matches) {
      wrong.set(digest, apiKeyHash)
      throw new GovernedError('invalid_api_key')
    }
    attempts.forgive(id)
    verified.set(digest, { id, comparedWith: apiKeyHash })
    // It may have been revoked while it was compared: whoever joined until now is answered by what holds after.
    const current = await stored.of(id)
    if (current?.apiKeyHash !== apiKeyHash) throw new GovernedError('invalid_api_key')
    return admit(current)
  }

  function isUnknown(id: string): boolean {
    const since = unknown.get(id)
    return since !== undefined && now() - since < ttlMs
  }

  return {
    authenticate,

    /** Drops what is remembered of one stored key, or of all, so that the next call asks again. */
    forget(id?: string): void {
      stored.forget(id)
      if (id === undefined) unknown.clear()
      else unknown.delete(id)
    },
  }
}

function isUsable({ isActive, revokedAt, expiresAt }: StoredKey): boolean {
  return isActive && revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now())
}

function tooManyFailures(retryAfterMs: number): GovernedError {
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  return new GovernedError('too_many_failed_attempts', { headers })
}

function tooManyAtOnce(): GovernedError {
  const message = 'Too many keys that are new to this proxy are being checked. Try again later.'
  return new GovernedError('too_many_failed_attempts', { message, headers: { 'retry-after': '1' } })
}

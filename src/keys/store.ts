import bcrypt from 'bcrypt'
import type { PrismaClient } from '../database/generated/client.ts'
import { formatToken, mintToken } from './token.ts'

/** What a key can be allowed to do besides calls. */
export const keyScopes = ['policies:simulate'] as const
export type KeyScope = (typeof keyScopes)[number]

type NewKey = { email: string; name?: string; expiresAt?: Date | null; scopes?: readonly KeyScope[] }

/** bcrypt's work factor: 2^10 rounds, about 50 ms. The secret has 256 bits, so the factor only slows down a thief. */
const cost = 10

/** What authentication needs of a stored key. */
export type StoredKey = {
  id: string
  customerId: string
  name: string
  createdAt: Date
  customer: { email: string }
  scopes: string[]
  apiKeyHash: string
  isActive: boolean
  expiresAt: Date | null
  revokedAt: Date | null
}

export type KeyStore = ReturnType<typeof createKeyStore>

/** Customers and their keys in the database. Secrets are stored as bcrypt hashes only. */
export function createKeyStore(prisma: PrismaClient) {
  return {
    /** One look-up by the primary key. Null if there is no such key. */
    async find(id: string): Promise<StoredKey | null> {
      return prisma.apiKey.findUnique({
        where: { id },
        select: {
          id: true,
          customerId: true,
          name: true,
          createdAt: true,
          customer: { select: { email: true } },
          scopes: true,
          apiKeyHash: true,
          isActive: true,
          expiresAt: true,
          revokedAt: true,
        },
      })
    },

    /** Makes a key, and the customer if there is none with that address. The token is returned this once. */
    async create({ email, name = '', expiresAt = null, scopes = [] }: NewKey) {
      const token = mintToken()
      const apiKeyHash = await bcrypt.hash(token.secret, cost)
      const address = oneSpelling(email)
      // Two scripts at once end up with one customer: an upsert would first look, and then fail.
      await prisma.customer.createMany({ data: [{ email: address, name: address }], skipDuplicates: true })
      const customer = await prisma.customer.findUniqueOrThrow({ where: { email: address }, select: { id: true } })
      await prisma.apiKey.create({
        data: { id: token.id, customerId: customer.id, name, apiKeyHash, expiresAt, scopes: [...scopes] },
      })
      return { id: token.id, customerId: customer.id, token: formatToken(token) }
    },

    /** The id of the customer with an e-mail address, or null. */
    async findCustomer(email: string): Promise<string | null> {
      return (
        (await prisma.customer.findUnique({ where: { email: oneSpelling(email) }, select: { id: true } }))?.id ?? null
      )
    },

    /** Keys without their hashes, of one customer or of all, newest first. */
    async list(email?: string) {
      return prisma.apiKey.findMany({
        where: email === undefined ? {} : { customer: { email: oneSpelling(email) } },
        omit: { apiKeyHash: true },
        include: { customer: { select: { email: true } } },
        orderBy: { createdAt: 'desc' },
      })
    },

    /** Ends a key for good. False if there is no such key, or if it was revoked before. */
    async revoke(id: string): Promise<boolean> {
      const { count } = await prisma.apiKey.updateMany({
        where: { id, revokedAt: null },
        data: { isActive: false, revokedAt: new Date() },
      })
      return count === 1
    },

    /** Notes when keys were last used, in one statement. */
    async touch(uses: ReadonlyMap<string, Date>): Promise<void> {
      const ids = [...uses.keys()]
      const times = [...uses.values()]
      await prisma.$executeRaw`
        UPDATE api_key SET last_used_at = used.at
        FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS used(id, at)
        WHERE api_key.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)`
    },
  }
}

/** Two customers whose addresses differ in case would be two sets of policies for one person. */
function oneSpelling(email: string): string {
  return email.trim().toLowerCase()
}

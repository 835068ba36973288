/**
 * The servers that a run was given, or null. Only this file reads their settings: the tests that can use a server are
 * those that import it, directly or through what they use, and so `npm run test:servers` finds them.
 */
export const postgresUrl = process.env.TEST_DATABASE_URL || null
export const redisUrl = process.env.TEST_REDIS_URL || null

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { providers as knownProviders } from '../providers/index.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import { createDecisionLog } from './audit/decisions.ts'
import { createJournal, type Journal } from './audit/journal.ts'
import { loadSigningKey } from './audit/ledger/signing-key.ts'
import { type CallParts, governedCall } from './call/index.ts'
import { createUpstream } from './call/upstream.ts'
import type { Config } from './config.ts'
import type { Part } from './contracts/part.ts'
import { watchChanges } from './database/changes.ts'
import type { Database } from './database/client.ts'
import { answerExpectation, answerUnparsed, createErrorHandler } from './error-handler.ts'
import { GovernedError } from './errors.ts'
import { createInspector } from './inspection/inspector.ts'
import { createKeyring } from './keys/keyring.ts'
import { createLastUsed } from './keys/last-used.ts'
import { createKeyStore } from './keys/store.ts'
import { createMemoryLimiter } from './limits/memory.ts'
import { createRedisLimiter } from './limits/redis.ts'
import { createPolicyCache } from './policy/cache.ts'
import { createKeptPolicies } from './policy/rehearsal/kept-policies.ts'
import { createSetKeeper } from './policy/sets.ts'
import { createPolicyStore } from './policy/store.ts'
import { check } from './routes/check.ts'
import { crossOrigin } from './routes/cors.ts'
import { decisions } from './routes/decisions.ts'
import { describeRoutes, docs } from './routes/docs.ts'
import { evaluate } from './routes/evaluate.ts'
import { health } from './routes/health.ts'
import { inspectText } from './routes/inspect.ts'
import { simulate } from './routes/simulate.ts'
import { createModelRouter } from './routing/route-model.ts'
import type { Report } from './sentry.ts'
import { createPricing } from './usage/cost.ts'
import { createMonthCosts } from './usage/month-cost.ts'

/** What the process brings: settings, an open and migrated database, the providers, and where to write and report. */
export type AppOptions = {
  config: Config
  database: Database
  providers: readonly ConfiguredProvider[]
  log: FastifyBaseLogger
  report: Report
  /** Another record of calls than the one that the settings describe. */
  journal?: Journal
}

export type App = Awaited<ReturnType<typeof buildApp>>

/** Builds the whole application. The only place where its parts meet. */
export async function buildApp({ config, database, providers, log, report, ...given }: AppOptions) {
  const keyStore = createKeyStore(database.prisma)
  const policyStore = createPolicyStore(database.prisma)
  const decisionLog = createDecisionLog(database.pool)
  const staleMs = config.outageToleranceMs

  const lastUsed = createLastUsed({ touch: keyStore.touch, log })
  const keyring = createKeyring({
    find: keyStore.find,
    onUse: lastUsed.note,
    ttlMs: config.keyCacheTtlMs,
    staleMs,
    log,
  })
  const policies = createPolicyCache({
    load: policyStore.load,
    onLoad: createSetKeeper({ keepSet: policyStore.keepSet, log }),
    ttlMs: config.policyCacheTtlMs,
    staleMs,
    log,
  })
  const limiter = createLimiter(config, log)
  const journal = given.journal ?? journalOf(config, database, log)
  const changes = watchChanges(database.url, {
    log,
    onChange(change) {
      if (change.table === 'api_key') keyring.forget(change.id)
      else policies.forget(change.table === 'customer_policy' ? change.customer : undefined)
    },
    onGap() {
      keyring.forget()
      policies.forget()
    },
  })
  const inspector = createInspector({ log, knownPassages: config.knownPassages })
  const upstream = createUpstream(config.upstream)
  const parts: CallParts = {
    keyring,
    policies,
    limiter,
    monthCosts: createMonthCosts({ costs: decisionLog.costs, staleMs, log }),
    inspector,
    journal,
    price: createPricing(),
    router: createModelRouter(providers, { defaultProvider: config.defaultProvider, known: knownProviders }),
    providers,
    upstream,
    log,
    bodyLimit: config.bodyLimit,
    uploadLimit: config.uploadLimit,
    inspectionLimit: config.inspectionLimit,
    answerInspectionLimit: config.answerInspectionLimit,
    connectionWaitMs: config.upstream.responseTimeoutMs,
    unreadLimitMs: config.upstream.idleTimeoutMs,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
  }

  const handleError = createErrorHandler((error, { id }) => {
    log.error({ err: error, requestId: id }, 'A request failed')
    report(error, id)
  })
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    bodyLimit: config.bodyLimit,
    requestTimeout: config.requestTimeoutMs,
    genReqId: () => randomUUID(),
    // Lines name their request themselves, so no logger is made for each.
    childLoggerFactory: logger => logger,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    clientErrorHandler: answerUnparsed,
    frameworkErrors: handleError,
    // Other upgrades (h2c, by Java's client) are offers that a server may ignore.
    // Node would answer a request without a host by itself, with nothing in it.
    http: { shouldUpgradeCallback: isSocketRequest, requireHostHeader: false },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(handleError)
  app.server.on('checkExpectation', answerExpectation)
  // Node stops listening to a socket once it is upgraded: a client that resets the connection then would end the
  // process.
  app.server.on('connection', socket => socket.on('error', () => {}))
  app.setNotFoundHandler(() => {
    throw new GovernedError('not_found')
  })

  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    setTimeout(() => app.server.closeAllConnections(), config.shutdownTimeoutMs).unref()
    // A connection whose call was running is kept alive after its answer, and would hold the server open.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 100).unref()
    app.server.once('close', () => clearInterval(sweep))
  })
  app.addHook('onRequest', function name(request, reply, done) {
    reply.header('x-request-id', request.id)
    if (closing) done(new GovernedError('shutting_down', { headers: { connection: 'close' } }))
    else if (lacksHost(request.raw)) done(new GovernedError('invalid_request', { param: 'host' }))
    // Before a byte of its body is read: anybody can ask for a path that is not there.
    else done(request.is404 ? new GovernedError('not_found') : undefined)
  })
  if (config.corsOrigins.length > 0) await app.register(cors, crossOrigin(config.corsOrigins))

  await describeRoutes(app)

  app.register(governedCall(parts))
  app.register(async control => {
    await control.register(helmet, { contentSecurityPolicy: false })
    control.register(docs)
    control.register(
      health({ database: () => isReachable(database), audit: () => journal.status().accepting }, journal.status),
    )
    control.register(check(parts))
    control.register(evaluate(parts))
    control.register(
      decisions({ ...parts, findDecision: decisionLog.find, policyOf: createKeptPolicies(policyStore.effectiveSet) }),
    )
    control.register(simulate(parts))
    control.register(inspectText(parts))
  })

  const background: Part[] = [changes, ...('start' in limiter ? [limiter] : []), lastUsed, journal, inspector]
  app.addHook('onReady', async () => {
    for (const part of background) await part.start()
  })
  app.addHook('onClose', async () => {
    for (const part of background.toReversed()) await part.stop()
    await upstream.destroy()
  })
  return app
}

function journalOf({ audit, dataDir }: Config, { url }: Database, log: FastifyBaseLogger): Journal {
  const directory = join(dataDir, 'audit')
  return createJournal({
    ...audit,
    directory,
    checkpoints: join(dataDir, 'checkpoints'),
    databaseUrl: url,
    signingKey: loadSigningKey(join(directory, 'signing-key.pem'), audit.signingKey),
    log,
  })
}

function createLimiter({ redisUrl, rateLimitWithoutRedis, rateLimitInstances }: Config, log: FastifyBaseLogger) {
  return redisUrl === null
    ? createMemoryLimiter()
    : createRedisLimiter({ url: redisUrl, withoutRedis: rateLimitWithoutRedis, instances: rateLimitInstances, log })
}

function isSocketRequest({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/** RFC 9112, section 3.2. */
function lacksHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host === undefined
}

async function isReachable({ prisma }: Database): Promise<boolean> {
  try {
    await prisma.$queryRaw`SELECT 1`
    return true
  } catch {
    return false
  }
}

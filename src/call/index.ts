import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Dispatcher } from 'undici'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import type { Journal } from '../audit/journal.ts'
import type { Source } from '../contracts/facts.ts'
import type { Log } from '../contracts/log.ts'
import type { Inspector } from '../inspection/inspector.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Limiter } from '../limits/limiter.ts'
import { type Operation, operations } from '../operations.ts'
import type { PolicyCache } from '../policy/cache.ts'
import type { ModelRouter } from '../routing/route-model.ts'
import type { Cost } from '../usage/cost.ts'
import type { MonthCosts } from '../usage/month-cost.ts'
import { createAdmit } from './admit.ts'
import { createAuthenticate } from './authenticate.ts'
import { readBodies } from './body/parsers.ts'
import { openCall } from './call.ts'
import { createDecide } from './decide.ts'
import { createForward } from './forward.ts'
import { createInspect } from './inspect.ts'
import { createLimit } from './limit.ts'
import { createMeter } from './meter.ts'
import { createModelList, modelList } from './models.ts'
import { createRecord, createRecordAnswer } from './record.ts'
import { relay } from './relay.ts'
import { createSettlement } from './settle.ts'
import { routeSlashedModels } from './slashed-models.ts'
import { hookOf, hookOfTurn, type Stage } from './stage.ts'

/** What a governed call needs of the rest. */
export type CallParts = {
  keyring: Keyring
  policies: PolicyCache
  limiter: Limiter
  monthCosts: MonthCosts
  inspector: Inspector
  journal: Journal
  price: Cost
  router: ModelRouter
  providers: readonly ConfiguredProvider[]
  upstream: Dispatcher
  log: Log
  /** Bytes of a body that is read (or of one message of a WebSocket), and of one that is piped. */
  bodyLimit: number
  uploadLimit: number
  /** Characters of a call's text, and bytes of its answer, that are looked into. */
  inspectionLimit: number
  answerInspectionLimit: number
  /**
   * Milliseconds that a call may wait for a connection to its provider, and that a client may leave an answer unread.
   */
  connectionWaitMs: number
  unreadLimitMs: number
  /** Milliseconds that running calls have to end when the process is told to stop. */
  shutdownTimeoutMs: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation: Operation
  }
}

/**
 * The governed call: authenticate → limit → meter → admit → inspect → decide → record → forward → settle, the same for
 * every operation. Operations whose bodies can be read are judged by them and sent as judged; the rest are judged by
 * what is known of them, and piped.
 */
export function governedCall(parts: CallParts): FastifyPluginAsync {
  return async function governed(scope) {
    openCalls(scope, 'proxy', parts)
    routeSlashedModels(scope)
    addStages(scope, 'onRequest', [createAdmit()])
    scope.addHook('preHandler', hookOfTurn(createInspect(parts)))
    addStages(scope, 'preHandler', [createDecide(), createRecord(parts)])

    scope.register(async judged => {
      readBodies(judged, parts.bodyLimit)
      const forward = createForward(parts)
      const listModels = createModelList(parts)
      for (const operation of operations.filter(isJudged)) {
        const { name, method, path: url } = operation
        judged.route({ method, url, config: { operation }, handler: name === modelList ? listModels : forward })
      }
    })

    scope.register(async piped => {
      piped.removeAllContentTypeParsers()
      for (const operation of operations) {
        if (!isJudged(operation)) relay(piped, operation, parts)
      }
    })
  }
}

/** Opens a call for every request of a scope, finds its caller, and takes one request from the caller's limit. */
export function openCalls(scope: FastifyInstance, source: Source, parts: CallParts): void {
  const settlement = createSettlement(parts)
  scope.decorateRequest('call', null)
  scope.addHook('onRequest', function open(request, reply, done) {
    const operation = source === 'proxy' ? request.routeOptions.config.operation.name : source
    const call = openCall(request, reply, source, operation)
    request.call = call
    reply.header('x-governance-decision-id', call.id)
    settlement.watch(call)
    done()
  })
  addStages(scope, 'onRequest', [createAuthenticate(parts), createLimit(parts), createMeter(parts)])
  scope.addHook('onSend', createRecordAnswer(parts))
  scope.addHook('onClose', async () => settlement.finish())
}

function addStages(scope: FastifyInstance, hook: 'onRequest' | 'preHandler', stages: readonly Stage[]): void {
  for (const stage of stages) scope.addHook(hook, hookOf(stage))
}

function isJudged({ name, body }: Operation): boolean {
  return body === 'json' || body === 'multipart' || name === modelList
}

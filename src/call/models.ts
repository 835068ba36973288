import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { type Dispatcher, request as fetchFrom } from 'undici'
import { z } from 'zod'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import type { Log } from '../contracts/log.ts'
import { GovernedError } from '../errors.ts'
import { isModelName } from '../inspection/kept-names.ts'
import { operations } from '../operations.ts'
import { completeFacts } from '../policy/files/partial-facts.ts'
import { matcherOf } from '../policy/patterns.ts'
import type { ModelRouter } from '../routing/route-model.ts'
import { type Call, written } from './call.ts'
import { circumstancesOf, idsOf } from './circumstances.ts'
import { upstreamHeaders } from './headers.ts'

const upstreamList = z.object({
  data: z.array(z.object({ id: z.string(), created: z.number().catch(0), owned_by: z.string().catch('') })),
})
type Model = z.infer<typeof upstreamList>['data'][number]

/** A model as it is listed, and as its provider knows it. */
type Listed = { shown: Model & { object: 'model' }; model: string }

/** The one operation that is answered here, from what several providers say, and so has no provider of its own. */
export const modelList = 'models.list'

const freshMs = 60_000
const timeoutMs = 10_000
const maxBytes = 8_388_608

const chat = 'chat.completions.create'
/** What models are put to, a chat before all else. */
const uses = [chat, ...operations.filter(({ takesModel, unseen }) => takesModel && !unseen).map(({ name }) => name)]

/**
 * Answers `GET /v1/models`: the models of every provider that the customer may use, under names that find their way
 * back (`provider/model` where the bare name would go elsewhere). A provider that does not answer is left out; if none
 * does, throws `upstream_failed`.
 */
export function createModelList({
  providers,
  router,
  upstream,
  log,
}: {
  providers: readonly ConfiguredProvider[]
  router: ModelRouter
  upstream: Dispatcher
  log: Log
}) {
  const lists = new LRUCache<string, Listed[]>({ max: 100, ttl: freshMs })

  async function modelsOf(provider: ConfiguredProvider): Promise<Listed[]> {
    const cached = lists.get(provider.id)
    if (cached !== undefined) return cached
    const models = (await fetchModels(provider, upstream)).map(model => {
      const id = router.nameOf(provider, model.id)
      return { shown: { ...model, id, object: 'model' as const }, model: model.id }
    })
    // Looking into a name costs more than judging a call to it, and comes out the same for everyone.
    const callable = models.filter(({ shown }) => isModelName(shown.id))
    lists.set(provider.id, callable)
    return callable
  }

  return async function listModels(request: FastifyRequest) {
    const call = written(request.call)
    written(call.decision)
    const mayUse = createUse(call)
    const answers = await Promise.allSettled(providers.map(modelsOf))
    const data = answers.flatMap((answer, index) => {
      const provider = providers[index]
      if (provider === undefined) return []
      if (answer.status === 'rejected') {
        log.warn({ provider: provider.id, err: answer.reason }, 'A provider did not list its models')
        return []
      }
      return answer.value.filter(({ model }) => mayUse(provider, model)).map(({ shown }) => shown)
    })
    if (providers.length > 0 && answers.every(({ status }) => status === 'rejected'))
      throw new GovernedError('upstream_failed')
    call.answer.outcome = 'completed'
    return { object: 'list' as const, data }
  }
}

/**
 * Whether policy would let the caller make a plain call to a model, a chat if it may chat at all, with what this
 * request declares of itself.
 */
function createUse(call: Call): (provider: ConfiguredProvider, model: string) => boolean {
  const policy = written(call.policy)
  const { external: declaredExternal, personal_data, declared } = written(call.inspected).facts
  const operation = uses.find(matcherOf(policy.documents.allowed_operations.operations)) ?? chat
  const plain = { ...completeFacts({ operation }), ...circumstancesOf(call), personal_data, declared }
  const ids = idsOf(call)
  return function mayUse({ id, external }, model) {
    return policy.decide({ ...plain, model, provider: id, external: external || declaredExternal }, ids).allowed
  }
}

async function fetchModels(provider: ConfiguredProvider, upstream: Dispatcher): Promise<Model[]> {
  const { statusCode, body } = await fetchFrom(`${provider.baseUrl}/models`, {
    dispatcher: upstream,
    headers: upstreamHeaders({}, provider),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error('The list of models is too long')
    chunks.push(chunk)
  }
  if (statusCode !== 200) throw new Error(`The list of models was answered with status ${statusCode}`)
  return upstreamList.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).data
}

import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { type Dispatcher, request as fetchFrom } from 'undici'
import { z } from 'zod'
import type { ConfiguredProvider } from '../../providers/provider.ts'
import type { Log } from '../contracts/log.ts'
import { GovernedError } from '../errors.ts'
import type { ModelRouter } from '../routing/route-model.ts'
import { written } from './call.ts'
import { upstreamHeaders } from './headers.ts'

const upstreamList = z.object({
  data: z.array(z.object({ id: z.string(), created: z.number().catch(0), owned_by: z.string().catch('') })),
})
type Model = z.infer<typeof upstreamList>['data'][number]

/** The one operation that is answered here, from what several providers say, and so has no provider of its own. */
export const modelList = 'models.list'

const freshMs = 60_000
const timeoutMs = 10_000
const maxBytes = 8_388_608

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
  const lists = new LRUCache<string, Model[]>({ max: 100, ttl: freshMs })

  async function modelsOf(provider: ConfiguredProvider): Promise<Model[]> {
    const cached = lists.get(provider.id)
    if (cached !== undefined) return cached
    const models = await fetchModels(provider, upstream)
    lists.set(provider.id, models)
    return models
  }

  return async function listModels(request: FastifyRequest) {
    const call = written(request.call)
    const policy = written(call.policy)
    written(call.decision)
    const usable = providers.filter(({ id, external }) => !external || policy.approves(id))
    const answers = await Promise.allSettled(usable.map(modelsOf))
    const data = answers.flatMap((answer, index) => {
      const provider = usable[index]
      if (provider === undefined) return []
      if (answer.status === 'rejected') {
        log.warn({ provider: provider.id, err: answer.reason }, 'A provider did not list its models')
        return []
      }
      return answer.value
        .filter(({ id }) => policy.permitsModel(provider.id, id))
        .map(model => ({ ...model, id: router.nameOf(provider, model.id), object: 'model' as const }))
    })
    if (usable.length > 0 && answers.every(({ status }) => status === 'rejected'))
      throw new GovernedError('upstream_failed')
    call.answer.outcome = 'completed'
    return { object: 'list' as const, data }
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

import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { providerAt } from '../configure.ts'
import { demo } from '../demo.ts'
import { chat } from './chat.ts'
import { completions } from './completions.ts'
import { embed } from './embeddings.ts'
import { moderate } from './moderations.ts'
import { responses } from './responses.ts'
import { type Body, type Format, isObject, takeTurn, unreadable } from './turn.ts'

const bodyLimit = 67_108_864
const models = [{ id: 'demo', object: 'model', created: 0, owned_by: 'demo' }]

/**
 * Starts the demo provider on a free port of the loopback interface. `url` is its base URL, up to `/v1`,
 * and `provider` what the router needs to send calls there.
 * It answers in OpenAI's wire format and says that it is no model. Streams wait `pauseMs` milliseconds between words.
 */
export async function startDemoProvider({ pauseMs = 15 }: { pauseMs?: number } = {}) {
  const app = Fastify({ bodyLimit, forceCloseConnections: true })
  offerText(app, '/v1/chat/completions', chat, pauseMs)
  offerText(app, '/v1/completions', completions, pauseMs)
  offerText(app, '/v1/responses', responses, pauseMs)
  app.post('/v1/embeddings', async ({ body }) => embed(withInput(body, 'input')))
  app.post('/v1/moderations', async ({ body }) => moderate(withInput(body, 'input')))
  app.get('/v1/models', async () => ({ object: 'list', data: models }))
  app.get<{ Params: { model: string } }>('/v1/models/:model', async ({ params }, reply) => {
    const model = models.find(({ id }) => id === params.model)
    return model ?? reply.code(404).send(problem('The demo provider does not have this model.'))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(problem('The demo provider does not offer this operation. Configure a real provider for it.')),
  )
  app.setErrorHandler(({ statusCode = 500 }: { statusCode?: number }, _request, reply) =>
    reply.code(statusCode).send(problem('The demo provider cannot read this call.')),
  )
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `${origin}/v1`
  return { url, provider: providerAt(demo, url, null), stop: () => app.close() }
}

function offerText(app: FastifyInstance, path: string, format: Format, pauseMs: number) {
  app.post(path, async (request, reply) => {
    const body = withInput(request.body, format.input)
    const turn = takeTurn(body, body[format.input])
    if (body.stream !== true) return format.whole(turn)
    return reply.type('text/event-stream').send(Readable.from(paced(format.stream(turn), pauseMs)))
  })
}

async function* paced(messages: Iterable<string>, pauseMs: number) {
  for (const message of messages) {
    yield message
    if (pauseMs > 0) await delay(pauseMs, undefined, { ref: false })
  }
}

/** The body, if it has the one member that the operation can't do without. */
function withInput(body: unknown, member: string): Body {
  if (isObject(body) && body[member] !== undefined && body[member] !== null) return body
  throw unreadable(`The field "${member}" is missing.`)
}

function problem(message: string) {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } }
}

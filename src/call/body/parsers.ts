import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { GovernedError } from '../../errors.ts'
import { isJsonObject, parseBody } from './json.ts'
import { readMultipart } from './multipart.ts'
import type { Body } from './reading.ts'

/** Lets a scope read the two forms of body that can be judged, and no other. */
export function readBodies(scope: FastifyInstance, limit: number): void {
  scope.removeAllContentTypeParsers()

  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) return done(null, null)
    try {
      const json = parseBody(bytes as Buffer)
      if (!isJsonObject(json)) throw new GovernedError('invalid_value', { message: 'The body must be a JSON object.' })
      done(null, { json } satisfies Body)
    } catch (error) {
      done(error as Error)
    }
  })

  scope.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, payload: IncomingMessage): Promise<Body> => {
      if (request.routeOptions.config.operation.body !== 'multipart') throw new GovernedError('unsupported_media_type')
      return { parts: await readMultipart(payload, limit) }
    },
  )

  scope.addHook('preValidation', function requireBody(request, _reply, done) {
    const { body, optionalBody } = request.routeOptions.config.operation
    const missing = request.body == null && body !== 'none' && !optionalBody
    done(
      missing
        ? new GovernedError('missing_field', { param: 'body', message: 'This operation needs a body.' })
        : undefined,
    )
  })
}

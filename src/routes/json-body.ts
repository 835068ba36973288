import type { FastifyInstance } from 'fastify'
import { parseBody } from '../call/body/json.ts'
import { GovernedError } from '../errors.ts'
import type { Json } from '../json.ts'

/** Reads the bodies of a scope as strictly as those of the calls, and nothing but JSON. `faultOf` may refuse one. */
export function readJsonBodies(
  scope: FastifyInstance,
  faultOf: (body: Json) => GovernedError | null = () => null,
): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) return done(new GovernedError('missing_field', { param: 'body' }))
    try {
      const body = parseBody(bytes as Buffer)
      done(faultOf(body), body)
    } catch (error) {
      done(error as Error)
    }
  })
}

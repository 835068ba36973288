import { GovernedError } from '../errors.ts'
import type { Stage } from './stage.ts'

// Nothing that a provider could read as another path than the one that was matched here: absolute addresses,
// fragments, backslashes, dot segments however they are escaped.
const plainUrl = /^\/v1\/[!-~]*$/
const oddUrl = /[#\\]/
const plainParameter = /^(?!\.+$)[\w.:@+=,~-]{1,512}$/

/** Refuses what could not be judged as it stands, before a byte of the body is read. */
export function createAdmit(): Stage {
  return function admit({ request }) {
    if (!plainUrl.test(request.url) || oddUrl.test(request.url))
      throw new GovernedError('invalid_request', { param: 'path' })
    const parameters = request.params as Record<string, string>
    for (const name in parameters) {
      const text = parameters[name] ?? ''
      // A model's name can have segments of its own: `provider/model`.
      const segments = name === 'model' ? text.split('/') : [text]
      if (!segments.every(segment => plainParameter.test(segment)))
        throw new GovernedError('invalid_value', { param: name })
    }
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw new GovernedError('unsupported_encoding', { param: 'content-encoding' })
    }
    const { operation } = request.routeOptions.config
    if ((request.headers.upgrade?.toLowerCase() === 'websocket') !== (operation.body === 'socket')) {
      throw new GovernedError('invalid_request', {
        param: 'upgrade',
        message: operation.body === 'socket' ? 'This operation is a WebSocket.' : 'This operation is not a WebSocket.',
      })
    }
  }
}

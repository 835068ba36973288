import type { Operation } from '../../operations.ts'
import type { Route } from '../../routing/route-model.ts'
import { requestUsage } from '../../usage/stream-options.ts'
import type { Outgoing } from '../call.ts'
import { writeMultipart } from './multipart.ts'
import type { Body } from './reading.ts'

/** Operations whose streams report usage only when `stream_options.include_usage` asks for it. */
const reportsOnRequest = new Set(['chat.completions.create', 'completions.create'])

/** The bytes to send: what was read, with the model's name as its provider knows it. */
export function writeOutgoing(body: NonNullable<Body>, operation: Operation, { provider, model }: Route): Outgoing {
  if ('parts' in body) {
    const parts = body.parts.map(part =>
      model !== null && part.name === 'model' && 'value' in part ? { name: part.name, value: model } : part,
    )
    return { ...writeMultipart(parts), hideUsage: false }
  }
  const json = model === null || body.json.model === model ? body.json : { ...body.json, model }
  const asks = json.stream === true && provider.streamOptions && reportsOnRequest.has(operation.name)
  const { body: sent, added } = asks ? requestUsage(json) : { body: json, added: false }
  return { body: JSON.stringify(sent), contentType: 'application/json', hideUsage: added }
}

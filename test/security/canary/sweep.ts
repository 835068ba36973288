// Every field of every operation's schema in turn, each with a marker of its own.
import { Agent } from 'undici'
import { type Operation, operations } from '../../../src/operations.ts'
import { type Field, fieldsOf, type Json } from './fields.ts'
import type { Kind } from './markers.ts'
import { parameterTypes } from './sdk-types.ts'

export type Place = { way: string; operation: Operation; field: Field }

/**
 * The fields of the operations, as the SDK's types have them: of bodies and forms, or of queries. Each field of each
 * operation is there, and each variant of what stands beside it, though a variant that operations share only once.
 */
export function places(): Place[] {
  const types = parameterTypes()
  const variants = new Set<string>()
  return operations.flatMap(operation => {
    const paths = new Set<string>()
    const isNew = (field: Field) => {
      const [, member = ''] = /^\.(\w+)/.exec(field.path) ?? []
      const body = field.body('')
      const variant = `${field.path} ${JSON.stringify((body as Record<string, Json>)[member] ?? body)}`
      const known = paths.has(field.path) && variants.has(variant)
      paths.add(field.path)
      variants.add(variant)
      return !known
    }
    const fields = (types.get(operation.name) ?? []).values().flatMap(type => fieldsOf(type))
    return fields
      .filter(isNew)
      .map((field, index) => ({ way: `${operation.name} ${field.path} #${index}`, operation, field }))
      .toArray()
  })
}

type Target = { url: string; token: string; text: (way: string, kind: Kind) => string }

/** Sends a call for each place and kind of marker, some at a time. Resolves to how often each status was answered. */
export async function sweep(all: readonly Place[], { url, token, text }: Target): Promise<Map<number, number>> {
  const agent = new Agent({ connections: 16 })
  const statuses = new Map<number, number>()
  const calls = all
    .values()
    .flatMap(place =>
      (['content', 'name'] as const).map(kind => requestOf(place, text(`${kind} in ${place.way}`, kind))),
    )
  async function sendSome(): Promise<void> {
    for (const { path, method, body } of calls) {
      const { statusCode, body: answer } = await agent.request({
        origin: url,
        path,
        method,
        headers: { authorization: `Bearer ${token}`, ...(body !== null && { 'content-type': body.contentType }) },
        body: body && Buffer.from(await body.bytes()),
      })
      await answer.dump()
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, sendSome))
  await agent.close()
  return statuses
}

function requestOf({ operation, field }: Place, text: string) {
  const { method, takesModel } = operation
  const path = operation.path.replaceAll(/:\w+/g, 'x_1')
  const given = field.body(text)
  const model = takesModel && field.path !== '.model' ? { model: 'gpt-4o' } : {}
  const fields = typeof given === 'object' && given !== null ? { ...given, ...model } : { ...model }
  if (operation.body === 'json') {
    return { path, method, body: { contentType: 'application/json', bytes: async () => JSON.stringify(fields) } }
  }
  const flat = [...flatten(fields)]
  if (operation.body === 'none') {
    const query = new URLSearchParams(flat.map(([name, value]): [string, string] => [name, String(value)]))
    return { path: `${path}?${query}`, method, body: null }
  }
  const form = new FormData()
  for (const [name, value] of flat) form.append(name, value)
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  return { path, method, body: { contentType, bytes: async () => new Uint8Array(await encoded.arrayBuffer()) } }
}

/** The fields of a form, as the SDK names them: `metadata[key]`, `image[]`. */
function* flatten(value: Json, name = ''): Generator<[string, string | File]> {
  if (value instanceof File) yield [name, value]
  else if (Array.isArray(value)) for (const item of value) yield* flatten(item, `${name}[]`)
  else if (typeof value === 'object' && value !== null) {
    for (const key in value) yield* flatten(value[key] ?? null, name === '' ? key : `${name}[${key}]`)
  } else yield [name, String(value)]
}

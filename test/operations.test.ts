import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import Fastify from 'fastify'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { operationNames, operations } from '../src/operations.ts'

type SdkCall = { name: string; route: string; multipart: boolean; body: boolean; admin: boolean }

const verbs = 'get|post|put|patch|delete|getAPIList'
const callPattern = new RegExp(`this\\._client\\.(${verbs})\\(`, 'g')
const call = new RegExp(`this\\._client\\.(${verbs})\\((?:[^'\`]*)['\`](.*?)['\`],?(.*)`, 's')

/** Parameters have names of their own on each side, and the beta resources a query of their own. */
const normalised = (path: string) => path.replace(/\$\{\w+\}|:\w+/g, ':').replace(/\?.*$/, '')
const snakeCase = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** The one HTTP call in a method of the SDK, read from the method's own source. */
function readMethod(name: string, source: string): SdkCall[] {
  const [, verb, path, options] = call.exec(source) ?? []
  if (verb === undefined || path === undefined || options === undefined) return []
  const method = verb === 'getAPIList' ? (/method: '(\w+)'/.exec(options)?.[1] ?? 'get') : verb
  return [
    {
      name: snakeCase(name),
      route: `${method.toUpperCase()} /v1${normalised(path)}`,
      multipart: options.includes('ultipartFormRequestOptions'),
      body: /\bbody\b/.test(options),
      admin: options.includes('adminAPIKeyAuth'),
    },
  ]
}

/** Walks the client's resources. A resource is an object that holds the client that made it. */
function readSdk(resource: object, path: string[] = []): SdkCall[] {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
  const own = path.length === 0 ? [] : methods.filter(name => name !== 'constructor')
  const calls = own.flatMap(name => readMethod([...path, name].join('.'), String(Reflect.get(resource, name))))
  const nested = Object.entries(resource).filter(
    ([, value]) => typeof value === 'object' && value && '_client' in value,
  )
  return [...calls, ...nested.flatMap(([name, value]) => readSdk(value, [...path, name]))]
}

const sdk = readSdk(new OpenAI({ apiKey: 'unused' })).filter(({ name }) => !/^(admin|webhooks)\./.test(name))
const governed = sdk.filter(({ admin }) => !admin)
const byRoute = new Map(operations.map(operation => [`${operation.method} ${normalised(operation.path)}`, operation]))

test('the SDK is read whole: no call in its source is missed', () => {
  const resources = join(dirname(createRequire(import.meta.url).resolve('openai')), 'resources')
  const files = readdirSync(resources, { recursive: true, encoding: 'utf8' })
  const sources = files.filter(file => file.endsWith('.mjs') && !/^(admin|webhooks)/.test(file))
  const calls = sources.flatMap(file => [...readFileSync(join(resources, file), 'utf8').matchAll(callPattern)])
  expect(sdk).toHaveLength(calls.length)
  expect(calls.length).toBeGreaterThan(150)
})

test('every call of the SDK is an operation, and none of its admin calls is', () => {
  expect(governed.filter(({ route }) => !byRoute.has(route))).toEqual([])
  expect(sdk.filter(({ admin, route }) => admin && byRoute.has(route))).toEqual([])
})

test('names are those of the SDK', () => {
  const namesOf = Map.groupBy(governed, ({ route }) => route)
  const misnamed = [...byRoute].filter(([route, operation]) => {
    const names = namesOf.get(route)?.map(({ name }) => name)
    return names !== undefined && !names.includes(operation.name)
  })
  expect(misnamed).toEqual([])
})

test('bodies are as the SDK sends them', () => {
  const disagreeing = governed.filter(({ route, multipart, body }) => {
    const operation = byRoute.get(route)
    if (operation === undefined || operation.method !== 'POST') return operation?.body !== 'none'
    if (multipart) return operation.body !== 'multipart' && operation.body !== 'upload'
    return operation.body !== 'json' || (!body && !operation.optionalBody)
  })
  expect(disagreeing).toEqual([])
})

test('every seen call that puts content to a model names the model', () => {
  const without = operations.filter(({ unseen, takesModel }) => !unseen && !takesModel).map(({ name }) => name)
  expect(without).toEqual(['conversations.create', 'models.list', 'models.retrieve'])
})

test('sockets are declared for realtime and for responses', () => {
  const sockets = operations.filter(({ body }) => body === 'socket').map(({ method, path }) => `${method} ${path}`)
  expect(sockets).toEqual(['GET /v1/responses', 'GET /v1/realtime', 'GET /v1/realtime/translations'])
})

test('names and routes are unique, and the router takes them all together', async () => {
  expect(operationNames.size).toBe(operations.length)
  expect(byRoute.size).toBe(operations.length)
  const app = Fastify({ exposeHeadRoutes: false })
  for (const { name, method, path } of operations) app.route({ method, url: path, handler: () => name })
  for (const { name, method, path } of operations) {
    const url = path.replace(/:\w+/g, 'an%2Fid')
    expect((await app.inject({ method, url })).body, `${method} ${url}`).toBe(name)
  }
  await app.close()
})

test('only calls that carry all of their content themselves count as seen', () => {
  const seen = operations.filter(({ unseen }) => !unseen).map(({ name }) => name)
  expect(seen).toEqual([
    'responses.create',
    'responses.compact',
    'responses.input_tokens.count',
    'conversations.create',
    'chat.completions.create',
    'completions.create',
    'embeddings.create',
    'moderations.create',
    'models.list',
    'models.retrieve',
    'images.generate',
    'images.edit',
    'images.create_variation',
    'audio.speech.create',
    'audio.transcriptions.create',
    'audio.translations.create',
    'videos.create',
  ])
})
